package io.urteil.model.file;

import java.io.Serial;
import java.nio.file.Path;
import java.util.List;

/**
 * A model directory or file is not usable. The message lists every problem, one per line, each with
 * the value, the expectation, and the place.
 */
public final class UnusableModelException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public UnusableModelException(Path place, List<String> problems) {
    super("Model '%s' cannot be used:%n- %s".formatted(place, String.join("\n- ", problems)));
    this.problems = List.copyOf(problems);
  }

  /** The problems in order, without their common place. */
  public List<String> problems() {
    return problems;
  }
}
