package io.urteil.model.file;

import java.io.Serial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model directory or file is not usable. The message lists the problems, one per line, each with
 * the value, the expectation, and the place: at most {@value #PROBLEMS_MAX}, each of at most
 * {@value #PROBLEM_LENGTH_MAX} characters, since values come from the file.
 */
public final class UnusableModelException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private static final int PROBLEMS_MAX = 100;
  private static final int PROBLEM_LENGTH_MAX = 1000;

  private final List<String> problems;

  public UnusableModelException(Path place, List<String> problems) {
    this(place, bounded(problems), true);
  }

  private UnusableModelException(Path place, List<String> problems, boolean bounded) {
    super("Model '%s' cannot be used:%n- %s".formatted(place, String.join("\n- ", problems)));
    this.problems = problems;
  }

  private static List<String> bounded(List<String> problems) {
    List<String> bounded =
        problems.stream()
            .limit(PROBLEMS_MAX)
            .map(
                problem ->
                    problem.length() <= PROBLEM_LENGTH_MAX
                        ? problem
                        : problem.substring(0, PROBLEM_LENGTH_MAX) + "…")
            .collect(Collectors.toCollection(ArrayList::new));
    if (problems.size() > PROBLEMS_MAX) {
      bounded.add("and %d more".formatted(problems.size() - PROBLEMS_MAX));
    }
    return List.copyOf(bounded);
  }

  /** The problems in order, without their common place. */
  public List<String> problems() {
    return problems;
  }
}
