package io.urteil.chat;

import java.util.Map;

/**
 * How likely some choices are as the next token.
 *
 * @param model which model answered
 * @param promptTokens tokens of the prompt; 0 when nobody counted them
 * @param probabilities of each choice that the model told about, 0 to 1; a choice that is missing
 *     is less likely than all that the model tells
 */
public record ChoiceProbabilities(
    String model, int promptTokens, Map<String, Double> probabilities) {

  public ChoiceProbabilities {
    probabilities = Map.copyOf(probabilities);
  }

  /** Of a prompt whose tokens nobody counted. */
  public ChoiceProbabilities(String model, Map<String, Double> probabilities) {
    this(model, 0, probabilities);
  }

  /** How likely one choice is; 0 when the model did not tell. */
  public double probability(String choice) {
    return probabilities.getOrDefault(choice, 0.0);
  }
}
