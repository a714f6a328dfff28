package io.urteil.chat;

import java.util.Map;

/**
 * The probabilities of choices as the next token.
 *
 * @param model the responding model
 * @param promptTokens tokens of the prompt; 0 if unknown
 * @param probabilities by choice, 0 to 1; a missing choice is less likely than the returned ones
 */
public record ChoiceProbabilities(
    String model, int promptTokens, Map<String, Double> probabilities) {

  public ChoiceProbabilities {
    probabilities = Map.copyOf(probabilities);
  }

  /** Probabilities for a prompt of unknown length. */
  public ChoiceProbabilities(String model, Map<String, Double> probabilities) {
    this(model, 0, probabilities);
  }

  /** The probability of a choice; 0 if it is missing. */
  public double probability(String choice) {
    return probabilities.getOrDefault(choice, 0.0);
  }
}
