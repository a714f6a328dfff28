package io.urteil.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a judge's text came to. A tie, an unreadable text and a judge that declines are three
 * different things, and none of them is a low score.
 */
public sealed interface ParsedVerdict {

  /** A verdict in the form that was asked for. */
  sealed interface Read extends ParsedVerdict {
    /** Scores of the candidates in the order shown; empty when the form has none. */
    List<Double> scores();
  }

  /**
   * A verdict on one candidate.
   *
   * @param score in the format's own range; 1 and 0 for yes and no
   * @param label the word that was said, such as yes; null when a number was
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
   * @param scores two scores, or none; where the form gives a strength of the preference, it is the
   *     score of the preferred one and the other's is 0
   * @param preference as said; where only scores were, the higher one or a tie
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
   * @param scores one for each, in the order shown
   */
  record Listwise(List<Double> scores) implements Read {
    public Listwise {
      scores = List.copyOf(scores);
    }
  }

  /**
   * No verdict in the form that was asked for.
   *
   * @param reason what was found and what was expected
   * @param fault what was wrong with it
   */
  record Unparseable(String reason, Fault fault) implements ParsedVerdict {

    /** What was wrong with a text; some reward rules price the two apart. */
    public enum Fault {
      /** There is no verdict at its place, or more than one, or an unfinished thought. */
      STRUCTURE("structure"),
      /** The form holds, but what stands in it is no score or verdict that the format allows. */
      SCORES("scores");

      private final String spelling;

      Fault(String spelling) {
        this.spelling = spelling;
      }

      /** As it stands in {@code Judgement.fault}. */
      public String spelling() {
        return spelling;
      }
    }

    /** A text whose structure is not as it should be. */
    public Unparseable(String reason) {
      this(reason, Fault.STRUCTURE);
    }

    /** The end of the text, and what was expected in its place. */
    static Unparseable of(String text, String expectation) {
      return of(text, expectation, Fault.STRUCTURE);
    }

    /** The end of the text, and what was expected in its place. */
    static Unparseable of(String text, String expectation, Fault fault) {
      return new Unparseable("%s (expected: %s)".formatted(Excerpt.of(text), expectation), fault);
    }
  }

  /** A verdict in good form by which the judge declines to say. */
  record Abstained() implements ParsedVerdict {}
}
