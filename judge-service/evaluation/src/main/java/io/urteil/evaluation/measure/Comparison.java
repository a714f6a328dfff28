package io.urteil.evaluation.measure;

import io.urteil.prompt.Preference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question with the candidates that a judge compares, and what is known about them.
 *
 * @param id unique in the benchmark; recorded verdicts are looked up by it
 * @param cluster comparisons with the same cluster come from one item of the benchmark and are
 *     drawn together when an interval is estimated; the id where an item is one comparison
 * @param question what the candidates answer
 * @param candidates at least two, in the order of the benchmark
 * @param gold which of them is right
 * @param source the slice of the benchmark it belongs to
 * @param columns what else a measure needs, by name
 */
public record Comparison(
    String id,
    String cluster,
    String question,
    List<Candidate> candidates,
    Gold gold,
    String source,
    Map<String, String> columns) {

  public Comparison {
    candidates = List.copyOf(candidates);
    columns = Map.copyOf(columns);
    if (candidates.size() < 2) {
      throw new IllegalArgumentException(
          "comparison '%s': %d candidates (expected: at least 2)".formatted(id, candidates.size()));
    }
  }

  /**
   * A candidate.
   *
   * @param text what the judge reads
   * @param answer its final answer, by which equal candidates are counted together; null when the
   *     benchmark does not say
   */
  public record Candidate(String text, @Nullable String answer) {

    public static Candidate of(String text) {
      return new Candidate(text, null);
    }
  }

  /** What the benchmark holds to be right. */
  public sealed interface Gold {

    /** The better of two candidates, or a tie. */
    record Better(Preference preference) implements Gold {}

    /** Whether each candidate is right, in their order. */
    record Right(List<Boolean> right) implements Gold {
      public Right {
        right = List.copyOf(right);
      }
    }
  }

  /** A pair that is an item of its own. */
  public static Comparison pair(
      String id, String question, String first, String second, Preference better, String source) {
    return new Comparison(
        id,
        id,
        question,
        List.of(Candidate.of(first), Candidate.of(second)),
        new Gold.Better(better),
        source,
        Map.of());
  }

  /** The better candidate of a pair. */
  public Preference better() {
    if (gold instanceof Gold.Better(Preference preference)) {
      return preference;
    }
    throw new IllegalStateException("comparison '%s' is no pair".formatted(id));
  }

  /** Whether each candidate is right; of a pair without a tie, the better one is. */
  public List<Boolean> right() {
    return switch (gold) {
      case Gold.Right(List<Boolean> right) -> right;
      case Gold.Better(Preference preference) ->
          List.of(preference == Preference.A, preference == Preference.B);
    };
  }

  /** The value of a column that every comparison of this benchmark has. */
  String column(String name) {
    String value = columns.get(name);
    if (value == null) {
      throw new IllegalStateException("comparison '%s' has no column '%s'".formatted(id, name));
    }
    return value;
  }
}
