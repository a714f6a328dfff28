package io.urteil.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of parsing a judge's text. A tie, an unreadable text and an abstention are distinct,
 * and none of them is a low score.
 */
public sealed interface ParsedVerdict {

  /** A verdict in the expected format. */
  sealed interface Read extends ParsedVerdict {
    /** Scores of the candidates in the order shown; empty if the format has none. */
    List<Double> scores();
  }

  /**
   * A verdict on one candidate.
   *
   * @param score in the range of the format; 1 for yes and 0 for no
   * @param label the word of the verdict, such as yes; null for a number
   */
  record Pointwise(double score, @Nullable String label) implements Read {
    @Override
    public List<Double> scores() {
      return List.of(score);
    }
  }

  /**
   * A verdict on two candidates.
   *
   * @param scores two scores or none; if the format has a strength of preference, it is the score
   *     of the preferred candidate, and the other score is 0
   * @param preference as stated, or derived from the scores: the higher one, or a tie
   */
  record Pairwise(List<Double> scores, Preference preference) implements Read {
    public Pairwise {
      scores = List.copyOf(scores);
    }

    /** The verdict of two scores. */
    public static Pairwise of(double first, double second) {
      return new Pairwise(List.of(first, second), Preference.of(first, second));
    }

    /** A preference without scores. */
    public static Pairwise of(Preference preference) {
      return new Pairwise(List.of(), preference);
    }
  }

  /**
   * A verdict on any number of candidates.
   *
   * @param scores one per candidate, in the order shown
   */
  record Listwise(List<Double> scores) implements Read {
    public Listwise {
      scores = List.copyOf(scores);
    }
  }

  /**
   * A text without a verdict in the expected format.
   *
   * @param reason the end of the text and the expectation
   * @param fault the kind of violation
   */
  record Unparseable(String reason, Fault fault) implements ParsedVerdict {

    /** The kind of violation; some reward rules assign different rewards to the two. */
    public enum Fault {
      /** The verdict is missing, misplaced or duplicated, or the thought is unfinished. */
      STRUCTURE("structure"),
      /** The structure is correct, but its scores or verdict are not allowed by the format. */
      SCORES("scores");

      private final String spelling;

      Fault(String spelling) {
        this.spelling = spelling;
      }

      /** The value of {@code Judgement.fault}. */
      public String spelling() {
        return spelling;
      }
    }

    /** A text with a wrong structure. */
    public Unparseable(String reason) {
      this(reason, Fault.STRUCTURE);
    }

    /** A wrong structure; the reason contains the end of the text and the expectation. */
    static Unparseable of(String text, String expectation) {
      return of(text, expectation, Fault.STRUCTURE);
    }

    /** The reason contains the end of the text and the expectation. */
    static Unparseable of(String text, String expectation, Fault fault) {
      return new Unparseable("%s (expected: %s)".formatted(Excerpt.of(text), expectation), fault);
    }
  }

  /** A text in the expected format by which the judge abstains. */
  record Abstained() implements ParsedVerdict {}
}
