package io.urteil.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An invalid run file. The message lists all problems, each with path, value and expectation. */
public final class RunFileException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  public RunFileException(String name, List<String> problems) {
    this(name, problems, null);
  }

  RunFileException(String name, List<String> problems, @Nullable Throwable cause) {
    super(
        "run file %s has %d problem%s:\n  %s"
            .formatted(
                name,
                problems.size(),
                problems.size() == 1 ? "" : "s",
                String.join("\n  ", problems)),
        cause);
    this.problems = List.copyOf(problems);
  }

  /** The problems, as {@code path: value (expected: …)}. */
  public List<String> problems() {
    return problems;
  }
}
