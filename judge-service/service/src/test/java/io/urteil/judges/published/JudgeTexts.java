package io.urteil.judges.published;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes judges' texts: well-formed, nearly well-formed, and damaged, a third each. */
final class JudgeTexts {

  private static final String FILLER =
      "Both responses cover the question, and one of them explains every step with an example. ";

  private static final List<String> THOUGHTS =
      List.of(
          "<think>The first adds up.</think>\n",
          "<think>The first adds up.</think>",
          "<think>\nStep by step.\n</think>\n\n",
          "The first adds up.</think>",
          "",
          "<think>The first adds up.\n",
          "<think>a</think><think>b</think>",
          "Sure. <think>The first adds up.</think>");

  private static final List<String> LEADS =
      List.of(
          "",
          "\n",
          "So ",
          "The winner is ",
          FILLER + "\n",
          "Final verdict: ",
          "At first glance ",
          "The winner is not ",
          "The candidate claims ",
          "<eval>");

  private static final List<String> TAILS =
      List.of(
          "",
          "",
          "\n",
          ".",
          "**",
          " I am sure of it.",
          "\nThank you for reading this evaluation to its end.",
          " ".repeat(75),
          "</s>");

  private static final List<String> INSERTED =
      List.of(
          "<think>",
          "</think>",
          "<answer>",
          "</answer>",
          "[[A]]",
          "\n",
          ".",
          " ",
          "7",
          "not ",
          "**");

  private final Random random;

  JudgeTexts(long seed) {
    this.random = new Random(seed);
  }

  String next(PublishedSystem system) {
    return switch (random.nextInt(3)) {
      case 0 -> wellFormed(system);
      case 1 -> nearly(system);
      default -> damaged(nearly(system));
    };
  }

  String wellFormed(PublishedSystem system) {
    return THOUGHTS.getFirst() + system.verdict(random);
  }

  String reference(PublishedSystem system) {
    return pick(system.references());
  }

  private String nearly(PublishedSystem system) {
    if (random.nextInt(12) == 0) {
      return "<think>" + system.verdict(random) + "</think>\n" + pick(TAILS);
    }
    StringBuilder text = new StringBuilder();
    text.append(random.nextInt(3) == 0 ? pick(THOUGHTS) : THOUGHTS.getFirst());
    if (random.nextInt(5) == 0) {
      text.append(system.verdict(random))
          .append(random.nextBoolean() ? " But overall, " : FILLER.repeat(2));
    }
    text.append(random.nextInt(2) == 0 ? pick(LEADS) : "");
    text.append(spelled(system.verdict(random)));
    return text.append(random.nextInt(2) == 0 ? pick(TAILS) : "").toString();
  }

  private String spelled(String verdict) {
    return switch (random.nextInt(14)) {
      case 0 -> verdict.toLowerCase(Locale.ROOT);
      case 1 -> "**" + verdict + "**";
      case 2 -> verdict.replace("><", "> <");
      case 3 -> verdict.replace("</answer><", "</answer> and <");
      case 4 -> verdict.replaceAll("(?<=[\\[>])(?=[A-Za-z0-9])", " ");
      case 5 -> verdict.replace(" and <", " and\n<");
      case 6 -> verdict.replaceAll("([0-9])", "0$1");
      default -> verdict;
    };
  }

  private String damaged(String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int edits = 1 + random.nextInt(2); edits > 0 && !changed.isEmpty(); edits--) {
      int at = random.nextInt(changed.length());
      int end = Math.min(changed.length(), at + 1 + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> changed.delete(at, end);
        case 1 -> changed.insert(at, changed.substring(at, end));
        case 2 -> changed.insert(at, pick(INSERTED));
        case 3 -> changed.setCharAt(at, Character.toUpperCase(changed.charAt(at)));
        default -> changed.setLength(Math.max(changed.length() / 2, at));
      }
    }
    return changed.toString();
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
