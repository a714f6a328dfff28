package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Reads the probabilities of a response, and rejects other numbers. Pure. */
final class Distribution {

  /** Servers round: a sum that differs from 1 by less is scaled. */
  static final double ROUNDING = 0.02;

  private static final String PROBABILITY = "a number from 0 to 1";

  private Distribution() {}

  /** The probability at this place. */
  static double probability(String place, JsonNode value) {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(number >= 0 && number <= 1 + ROUNDING)) {
      throw new UnreadableAnswerException(place, shown(value), PROBABILITY);
    }
    return Math.clamp(number, 0.0, 1.0);
  }

  /** The probability at this place; 1 if there is none. */
  static double massOrOne(String place, JsonNode value) {
    return value.isMissingNode() || value.isNull() ? 1 : probability(place, value);
  }

  /** Both probabilities of a statement. */
  static List<Double> ofStatement(double probability) {
    return List.of(probability, 1 - probability);
  }

  /** The probabilities of exactly these options, scaled to a sum of 1. */
  static List<Double> of(
      String place, Map<String, JsonNode> probabilities, SequencedSet<String> options) {
    if (!probabilities.keySet().equals(options)) {
      throw new UnreadableAnswerException(
          place, "of " + shown(probabilities.keySet()), "of " + shown(options));
    }
    List<Double> values = new ArrayList<>();
    for (String option : options) {
      values.add(
          probability(
              place + "." + option, probabilities.getOrDefault(option, MissingNode.getInstance())));
    }
    double sum = values.stream().mapToDouble(value -> value).sum();
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new UnreadableAnswerException(place, "a sum of " + sum, "a sum of 1");
    }
    return values.stream().map(value -> value / sum).toList();
  }

  /** Requires that a reported expected level agrees with its probabilities. */
  static void requireLevel(String place, JsonNode score, List<Double> probabilities) {
    double expected = 0;
    for (int i = 0; i < probabilities.size(); i++) {
      expected += i * probabilities.get(i);
    }
    double number = score.isNumber() ? score.doubleValue() : Double.NaN;
    if (!(Math.abs(number - expected) <= ROUNDING * probabilities.size())) {
      throw new UnreadableAnswerException(
          place, shown(score), "%s, by its probabilities".formatted(expected));
    }
  }

  /** Requires that a reported choice is the most probable option. */
  static void requireMostProbable(
      String place, String choice, SequencedSet<String> options, List<Double> probabilities) {
    int index = List.copyOf(options).indexOf(choice);
    double most = probabilities.stream().mapToDouble(value -> value).max().orElseThrow();
    if (index < 0 || probabilities.get(index) < most - ROUNDING) {
      throw new UnreadableAnswerException(
          place, "'" + cut(choice) + "'", "the most probable option");
    }
  }

  static String shown(JsonNode value) {
    return value.isMissingNode() ? "missing" : cut(value.toString());
  }

  private static String shown(Collection<String> options) {
    return cut(String.join(", ", options));
  }

  private static String cut(String text) {
    return text.length() > 60 ? text.substring(0, 57) + "..." : text;
  }
}
