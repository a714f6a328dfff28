package io.urteil.chat;

import io.urteil.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tokens stand for choices: the first of each choice's text, and the first of the text behind
 * a space, unless those are the same token for all of them. A choice is as likely as its tokens
 * together.
 *
 * @param ids all tokens
 * @param places of each choice's tokens in them
 */
record ChoiceTokens(List<Integer> ids, Map<String, List<Integer>> places) {

  ChoiceTokens {
    ids = List.copyOf(ids);
    places = Map.copyOf(places);
  }

  /**
   * @throws RefusedRequestException when two choices begin with the same token, so that one token
   *     does not tell them apart
   */
  static ChoiceTokens of(String model, Tokenizer tokenizer, List<String> choices) {
    Map<Integer, String> owners = new LinkedHashMap<>();
    for (String choice : choices) {
      int first = first(tokenizer, choice);
      String other = owners.put(first, choice);
      if (other != null) {
        throw new RefusedRequestException(
            "model '%s': the choices %s and %s both begin with token %d (expected: different first tokens, for probabilities of the next one)"
                .formatted(model, other, choice, first));
      }
    }
    Map<Integer, String> behindSpace = new LinkedHashMap<>();
    choices.forEach(choice -> behindSpace.put(first(tokenizer, " " + choice), choice));
    if (behindSpace.size() == choices.size()) {
      behindSpace.forEach(owners::putIfAbsent);
    }
    List<Integer> ids = List.copyOf(owners.keySet());
    Map<String, List<Integer>> places = new HashMap<>();
    for (int place = 0; place < ids.size(); place++) {
      places
          .computeIfAbsent(String.valueOf(owners.get(ids.get(place))), any -> new ArrayList<>())
          .add(place);
    }
    return new ChoiceTokens(ids, places);
  }

  private static int first(Tokenizer tokenizer, String text) {
    int[] tokens = tokenizer.encode(text);
    if (tokens.length == 0) {
      throw new RefusedRequestException(
          "choice '%s' has no tokens (expected: at least one)".formatted(text));
    }
    return tokens[0];
  }

  /** How likely each choice is, from the log-probabilities of the tokens. */
  Map<String, Double> probabilities(List<Double> logProbabilities) {
    Map<String, Double> probabilities = new HashMap<>();
    places.forEach(
        (choice, own) ->
            probabilities.put(
                choice, own.stream().mapToDouble(p -> Math.exp(logProbabilities.get(p))).sum()));
    return probabilities;
  }
}
