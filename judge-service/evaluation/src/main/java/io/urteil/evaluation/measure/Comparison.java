package io.urteil.evaluation.measure;

import io.urteil.prompt.Preference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question with its candidates and gold labels.
 *
 * @param id unique id in the benchmark, to which recorded verdicts refer
 * @param cluster the item of the benchmark; comparisons of one item are resampled together in a
 *     bootstrap. Equal to the id if the item has one comparison
 * @param question the question that the candidates answer
 * @param candidates candidates in the order of the benchmark, at least two
 * @param gold the gold labels
 * @param source the slice of the benchmark
 * @param columns further values for measures and judges, by name
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
   * @param text the text for the judge
   * @param answer the final answer, which groups candidates in a vote; null if the benchmark does
   *     not contain it
   */
  public record Candidate(String text, @Nullable String answer) {

    public static Candidate of(String text) {
      return new Candidate(text, null);
    }
  }

  /** The gold labels of a comparison. */
  public sealed interface Gold {

    /** The better of two candidates, or a tie. */
    record Better(Preference preference) implements Gold {}

    /** Whether each candidate is correct, in their order. */
    record Right(List<Boolean> right) implements Gold {
      public Right {
        right = List.copyOf(right);
      }
    }
  }

  /** A pair that is one item of the benchmark. */
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
    throw new IllegalStateException("comparison '%s' is not a pair".formatted(id));
  }

  /**
   * Whether each candidate is correct. In a pair the better candidate is correct; in a tie neither
   * is.
   */
  public List<Boolean> right() {
    return switch (gold) {
      case Gold.Right(List<Boolean> right) -> right;
      case Gold.Better(Preference preference) ->
          List.of(preference == Preference.A, preference == Preference.B);
    };
  }

  /** The value of a required column. */
  String column(String name) {
    String value = columns.get(name);
    if (value == null) {
      throw new IllegalStateException("comparison '%s' has no column '%s'".formatted(id, name));
    }
    return value;
  }
}
