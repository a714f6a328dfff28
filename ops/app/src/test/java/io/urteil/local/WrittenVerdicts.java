package io.urteil.local;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts in the verdict format of each run file that trains a judge, with the rewards that its rule
 * gives them by the reference of the prompt. Where a rule reads two verdicts together, a text has
 * several possible rewards.
 */
final class WrittenVerdicts {

  /** A text that no format can read. */
  private static final String NONE = "why</think>I cannot decide";

  private static final Set<Double> ZERO = Set.of(0.0);

  /**
   * A text that the policy writes.
   *
   * @param rewards possible rewards by reference; for {@code *} those of any reference
   */
  record Written(String text, Map<String, Set<Double>> rewards) {

    Set<Double> rewardsFor(String reference) {
      return rewards.getOrDefault(reference, rewards.getOrDefault("*", Set.of()));
    }
  }

  private WrittenVerdicts() {}

  /** The texts of the run file of this name. */
  static List<Written> of(String run) {
    return switch (run) {
      case "j1-verdict" ->
          sides("<answer>[[A]]</answer>", "<answer>[[B]]</answer>", Set.of(1.0, 2.0), ZERO, ZERO);
      case "j1-scores" -> sides(scores(8, 3), scores(3, 8), Set.of(1.0), ZERO, ZERO);
      case "j1-verdict-scores" ->
          sides(
              scores(8, 3) + "<answer>[[A]]</answer>",
              scores(3, 8) + "<answer>[[B]]</answer>",
              Set.of(1.0),
              ZERO,
              ZERO);
      case "j1-pointwise" ->
          List.of(
              high(Map.of()),
              pointwise("<score>5.5</score>", Set.of(0.0, 1.0), Set.of(0.0, 1.0), Map.of()),
              low(Map.of()),
              none(ZERO));
      case "j1-multitask" ->
          List.of(
              new Written(
                  "why</think>" + scores(8, 3),
                  Map.of("A", Set.of(1.0), "B", ZERO, "chosen", ZERO, "rejected", ZERO)),
              new Written(
                  "why</think>" + scores(3, 8),
                  Map.of("B", Set.of(1.0), "A", ZERO, "chosen", ZERO, "rejected", ZERO)),
              high(Map.of("*", ZERO)),
              low(Map.of("*", ZERO)));
      case "judgelrm" ->
          List.of(
              new Written(
                  "why</think><answer>9</answer><answer>2</answer>",
                  Map.of("9,2", Set.of(4.2), "1,8", Set.of(-0.5))),
              new Written(
                  "why</think><answer>2</answer><answer>9</answer>",
                  Map.of("9,2", Set.of(-0.5), "1,8", Set.of(3.8))),
              none(Set.of(-3.0)));
      case "rm-r1" ->
          sides(
              "<answer>[[A]]</answer>",
              "<answer>[[B]]</answer>",
              Set.of(1.0),
              Set.of(-1.0),
              Set.of(-1.0));
      case "rrm-train" ->
          sides(
              "\\boxed{Assistant 1}",
              "\\boxed{Assistant 2}",
              Set.of(1.0),
              Set.of(-1.0),
              Set.of(-1.0));
      case "self-taught" -> sides("[[A]]", "[[B]]", Set.of(1.0), ZERO, ZERO);
      case "think-j" ->
          List.of(
              new Written(strength("a"), Map.of("-3", Set.of(0.875), "2", ZERO)),
              new Written(strength("b"), Map.of("2", Set.of(1.0), "-3", ZERO)),
              none(ZERO));
      default ->
          throw new IllegalArgumentException(
              "no texts for the run file '%s' (expected: three texts in its verdict format)"
                  .formatted(run));
    };
  }

  private static List<Written> sides(
      String a, String b, Set<Double> right, Set<Double> wrong, Set<Double> unreadable) {
    return List.of(
        new Written("why</think>" + a, Map.of("A", right, "B", wrong)),
        new Written("why</think>" + b, Map.of("B", right, "A", wrong)),
        none(unreadable));
  }

  /** A high score of one answer: the better one may get it, the other never should. */
  private static Written high(Map<String, Set<Double>> otherwise) {
    return pointwise("<score>8</score>", Set.of(0.0, 1.0), ZERO, otherwise);
  }

  private static Written low(Map<String, Set<Double>> otherwise) {
    return pointwise("<score>3</score>", ZERO, Set.of(0.0, 1.0), otherwise);
  }

  private static Written pointwise(
      String verdict,
      Set<Double> chosen,
      Set<Double> rejected,
      Map<String, Set<Double>> otherwise) {
    Map<String, Set<Double>> rewards = new HashMap<>(otherwise);
    rewards.put("chosen", chosen);
    rewards.put("rejected", rejected);
    return new Written("why</think>" + verdict, rewards);
  }

  private static Written none(Set<Double> rewards) {
    return new Written(NONE, Map.of("*", rewards));
  }

  private static String scores(int a, int b) {
    return "<score_A>%d</score_A><score_B>%d</score_B>".formatted(a, b);
  }

  private static String strength(String side) {
    return "why</think>Therefore, Response (%s) is better, and the strength is [[2]]."
        .formatted(side);
  }
}
