package io.urteil.chat;

import io.urteil.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of choices: the first token of each choice, and its first token after a space if these
 * differ between the choices. The probability of a choice is the sum over its tokens.
 *
 * @param ids ids of all tokens
 * @param positions of each choice's tokens in {@code ids}
 */
record ChoiceTokens(List<Integer> ids, Map<String, List<Integer>> positions) {

  ChoiceTokens {
    ids = List.copyOf(ids);
    positions = Map.copyOf(positions);
  }

  /**
   * The tokens of these choices.
   *
   * @param model name of the model in messages
   * @throws RefusedRequestException when two choices start with the same token, so that one token
   *     does not distinguish them
   */
  static ChoiceTokens of(String model, Tokenizer tokenizer, List<String> choices) {
    Map<Integer, String> owners = new LinkedHashMap<>();
    for (String choice : choices) {
      int first = first(tokenizer, choice);
      String other = owners.put(first, choice);
      if (other != null) {
        throw new RefusedRequestException(
            "model '%s': the choices %s and %s both start with token %d (expected: different first tokens, for next-token probabilities)"
                .formatted(model, other, choice, first));
      }
    }
    Map<Integer, String> afterSpace = new LinkedHashMap<>();
    choices.forEach(choice -> afterSpace.put(first(tokenizer, " " + choice), choice));
    if (afterSpace.size() == choices.size()) {
      afterSpace.forEach(owners::putIfAbsent);
    }
    List<Integer> ids = List.copyOf(owners.keySet());
    Map<String, List<Integer>> positions = new HashMap<>();
    for (int position = 0; position < ids.size(); position++) {
      positions
          .computeIfAbsent(String.valueOf(owners.get(ids.get(position))), any -> new ArrayList<>())
          .add(position);
    }
    return new ChoiceTokens(ids, positions);
  }

  private static int first(Tokenizer tokenizer, String text) {
    int[] tokens = tokenizer.encode(text);
    if (tokens.length == 0) {
      throw new RefusedRequestException(
          "choice '%s' has no tokens (expected: at least one)".formatted(text));
    }
    return tokens[0];
  }

  /**
   * The probability of each choice.
   *
   * @param logProbabilities natural logarithms, one per token of {@link #ids}
   */
  Map<String, Double> probabilities(List<Double> logProbabilities) {
    Map<String, Double> probabilities = new HashMap<>();
    positions.forEach(
        (choice, own) ->
            probabilities.put(
                choice, own.stream().mapToDouble(p -> Math.exp(logProbabilities.get(p))).sum()));
    return probabilities;
  }
}
