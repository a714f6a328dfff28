package io.urteil.chat.decision;

import java.util.List;

/** The answer to one question. */
public sealed interface DecisionAnswer {

  /**
   * Probabilities.
   *
   * @param probabilities of the options, in the order of the question; their sum is 1
   * @param mass the probability that the model gave to the options altogether, 0 to 1; 1 if the
   *     server does not report it
   */
  record Decided(List<Double> probabilities, double mass) implements DecisionAnswer {
    public Decided {
      probabilities = List.copyOf(probabilities);
    }
  }

  /** The model declined to answer this question. */
  record Refused() implements DecisionAnswer {}
}
