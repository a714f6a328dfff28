package io.urteil.prompt;

import java.util.List;

/** What a judge's text came to. An unreadable text is a value of its own, never a low score. */
public sealed interface ParsedVerdict {

  /**
   * A verdict in the form that was asked for.
   *
   * @param scores of the candidates in the order shown
   * @param preference the candidate of the higher score, or a tie
   */
  record Read(List<Integer> scores, Preference preference) implements ParsedVerdict {
    public Read {
      scores = List.copyOf(scores);
    }

    /** The verdict of two scores. */
    static Read of(int first, int second) {
      return new Read(List.of(first, second), Preference.of(first, second));
    }
  }

  /**
   * No verdict in the form that was asked for.
   *
   * @param reason what was found and what was expected
   */
  record Unparseable(String reason) implements ParsedVerdict {}

  /** A verdict in good form by which the judge declines to say. */
  record Abstained() implements ParsedVerdict {}
}
