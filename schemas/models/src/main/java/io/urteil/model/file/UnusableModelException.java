package io.urteil.model.file;

import java.io.Serial;
import java.nio.file.Path;
import java.util.List;

/**
 * A model directory or file cannot be used as it is. The message lists every problem that was
 * found, one per line, each with the value, what was expected, and where.
 */
public final class UnusableModelException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public UnusableModelException(Path place, List<String> problems) {
    super("Model '%s' cannot be used:%n- %s".formatted(place, String.join("\n- ", problems)));
    this.problems = List.copyOf(problems);
  }

  /** The problems without the place they share, in the order in which they were found. */
  public List<String> problems() {
    return problems;
  }
}
