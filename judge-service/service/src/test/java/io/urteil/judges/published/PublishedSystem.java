package io.urteil.judges.published;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rewards of the published judge systems, written from their facts without a line of Urteil:
 * from the authors' functions where those are public (JudgeLRM {@code judgelrm.py}, Think-J {@code
 * reward_cot}, {@code reward_strength} and {@code reward_score}, RM-R1 {@code lm_as_judge}, the
 * judgement parser of Self-Taught Evaluators), else from paper or descriptions (J1, RRM).
 */
enum PublishedSystem {
  JUDGELRM_CODE(
      "JudgeLRM, code",
      "judgelrm-scores-code",
      "{ rule: judgelrm, dialect: code, badScores: -2.5, unparseable: -3.0 }",
      List.of("7,3", "3,7", "5,5", "9,8")) {
    @Override
    String verdict(Random random) {
      return "<answer>%d</answer><answer>%d</answer>"
          .formatted(random.nextInt(12), random.nextInt(12));
    }

    @Override
    Outcome of(String text, String reference) {
      int[] scores = judgeLrmScores(text);
      if (scores.length == 0) {
        return Outcome.unread(-3.0);
      }
      if (scores[0] < 0 || scores[0] > 10 || scores[1] < 0 || scores[1] > 10) {
        return Outcome.unread(-2.5);
      }
      int[] gold = numbers(reference);
      if ((scores[0] >= scores[1]) != (gold[0] >= gold[1])) {
        return Outcome.read(1 - 1.5);
      }
      return Outcome.read(1 + 2 + distancePart(scores, gold) + marginPart(scores, gold));
    }
  },

  JUDGELRM_PAPER(
      "JudgeLRM, paper",
      "judgelrm-scores",
      "{ rule: judgelrm, dialect: paper, badScores: -2.5, unparseable: -3.0 }",
      List.of("7,3", "3,7", "5,5", "9,8")) {
    @Override
    String verdict(Random random) {
      return JUDGELRM_CODE.verdict(random);
    }

    @Override
    Outcome of(String text, String reference) {
      int[] scores = judgeLrmScores(text);
      if (scores.length == 0) {
        return Outcome.unread(-3.0);
      }
      if (scores[0] < 1 || scores[0] > 10 || scores[1] < 1 || scores[1] > 10) {
        return Outcome.unread(-2.5);
      }
      int[] gold = numbers(reference);
      if (Integer.compare(scores[0], scores[1]) != Integer.compare(gold[0], gold[1])) {
        return Outcome.read(1 - 1.5);
      }
      return Outcome.read(1 + 2 + distancePart(scores, gold) + marginPart(scores, gold));
    }
  },

  THINKJ_VERDICT(
      "Think-J, verdict",
      "thinkj-verdict",
      "{ rule: think-j, variant: verdict, asPublished: true }",
      List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "Therefore, Response (%s) is better.".formatted(random.nextBoolean() ? "a" : "b");
    }

    @Override
    Outcome of(String text, String reference) {
      boolean second = isFollowedOnItsLine(text, "Response (b) is better");
      if (!second && !isFollowedOnItsLine(text, "Response (a) is better")) {
        return Outcome.unread(0.5);
      }
      return Outcome.read(reference.equals(second ? "B" : "A") ? 1 : 0);
    }
  },

  THINKJ_STRENGTH(
      "Think-J, strength",
      "thinkj-strength",
      "{ rule: think-j, variant: strength, asPublished: true }",
      List.of("-3", "-2", "-1", "1", "2", "3")) {
    @Override
    String verdict(Random random) {
      return "Therefore, Response (%s) is better, and the strength is [[%d]]."
          .formatted(random.nextBoolean() ? "a" : "b", random.nextInt(5));
    }

    @Override
    Outcome of(String text, String reference) {
      Matcher found =
          Pattern.compile(
                  Pattern.quote("Therefore, Response (")
                      + "([ab])"
                      + Pattern.quote(") is better, and the strength is [[")
                      + "([0-9]+)"
                      + Pattern.quote("]]."))
              .matcher(text);
      if (!found.find()) {
        return Outcome.unread(0);
      }
      int gold = Integer.parseInt(reference);
      if (found.group(1).equals("a") != gold < 0) {
        return Outcome.read(0);
      }
      double strength = Double.parseDouble(found.group(2));
      boolean known = strength >= 1 && strength <= 3;
      return Outcome.read(known ? 1 - Math.abs(Math.abs(gold) - strength) / 8 : 0.5);
    }
  },

  THINKJ_SCORES(
      "Think-J, scores",
      "thinkj-scores",
      "{ rule: think-j, variant: score, asPublished: true }",
      List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "<Score 1>%s</Score 1> and <Score 2>%s</Score 2>, respectively."
          .formatted(score(random), score(random));
    }

    private static String score(Random random) {
      return random.nextInt(8) == 0 ? "97.5" : Integer.toString(random.nextInt(106));
    }

    /** On one line: the first score of the first tag, the second one of the last. */
    @Override
    Outcome of(String text, String reference) {
      for (Matcher first = THINKJ_FIRST.matcher(text); first.find(); ) {
        int lineEnd = text.indexOf('\n', first.end());
        Matcher second =
            THINKJ_SECOND.matcher(
                text.substring(first.end(), lineEnd < 0 ? text.length() : lineEnd));
        String last = null;
        for (int from = 0; second.find(from); from = second.start() + 1) {
          last = second.group(1);
        }
        if (last != null) {
          double apart = Double.parseDouble(first.group(1)) - Double.parseDouble(last);
          boolean right = reference.equals("A") ? apart > 0 : apart < 0;
          double margin = Math.min(Math.abs(apart) / 100, 1);
          return Outcome.read(right ? 1 + margin : -margin);
        }
      }
      return Outcome.unread(0.5);
    }
  },

  RM_R1(
      "RM-R1", "rubrics-answer", "{ rule: plus-minus-one, unparseable: -1.0 }", List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "<answer>[[%s]]</answer>".formatted(random.nextBoolean() ? "A" : "B");
    }

    @Override
    Outcome of(String text, String reference) {
      String end = text.substring(Math.max(0, text.length() - 80));
      boolean first = end.contains("<answer>[[A]]</answer>");
      boolean second = end.contains("<answer>[[B]]</answer>");
      return first == second
          ? Outcome.unread(-1)
          : Outcome.read(reference.equals(first ? "A" : "B") ? 1 : -1);
    }
  },

  RRM("RRM", "boxed-assistant", "{ rule: plus-minus-one, unparseable: -1.0 }", List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "\\boxed{Assistant %d}".formatted(1 + random.nextInt(2));
    }

    /** The last box after the thought. */
    @Override
    Outcome of(String text, String reference) {
      String end = afterThought(text);
      int first = end.lastIndexOf("\\boxed{Assistant 1}");
      int second = end.lastIndexOf("\\boxed{Assistant 2}");
      return first == second
          ? Outcome.unread(-1)
          : Outcome.read(reference.equals(first > second ? "A" : "B") ? 1 : -1);
    }
  },

  J1_VERDICT(
      "J1, verdict with consistency",
      "j1-verdict",
      "{ rule: j1-consistency, right: 1.0, wrong: 0.0, unparseable: 0.0, consistent: 1.0 }",
      List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "<answer> [[%s]] </answer>".formatted(random.nextBoolean() ? "A" : "B");
    }

    @Override
    List<String> arms() {
      return List.of("AB", "BA");
    }

    /** The last answer after the thought. */
    @Override
    Outcome of(String text, String reference) {
      return last(J1_ANSWER, afterThought(text), 1).stream()
          .map(letters -> Outcome.read(letters.getFirst().equals(reference) ? 1 : 0))
          .findFirst()
          .orElse(Outcome.unread(0));
    }

    /** One more for both if both orders are right. */
    @Override
    List<Outcome> of(List<String> texts, String reference) {
      Outcome given = of(texts.getFirst(), reference);
      Outcome swapped = of(texts.getLast(), other(reference));
      double bonus = given.reward() > 0 && swapped.reward() > 0 ? 1 : 0;
      return List.of(given.plus(bonus), swapped.plus(bonus));
    }

    @Override
    String reference(int arm, String reference) {
      return arm == 0 ? reference : other(reference);
    }

    private static String other(String reference) {
      return reference.equals("A") ? "B" : "A";
    }
  },

  J1_SCORES(
      "J1, scores",
      "j1-scores",
      "{ rule: j1-verdict, right: 1.0, wrong: 0.0, unparseable: 0.0 }",
      List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "<score_A> %d </score_A> <score_B> %d </score_B>"
          .formatted(random.nextInt(12), random.nextInt(12));
    }

    /** The last scores after the thought, in range. */
    @Override
    Outcome of(String text, String reference) {
      List<String> scores =
          last(J1_PAIR, afterThought(text), 2).stream().findFirst().orElse(List.of());
      if (scores.isEmpty() || scores.stream().anyMatch(score -> Integer.parseInt(score) > 10)) {
        return Outcome.unread(0);
      }
      int order = Integer.parseInt(scores.getFirst()) - Integer.parseInt(scores.getLast());
      return Outcome.read((reference.equals("A") ? order > 0 : order < 0) ? 1 : 0);
    }
  },

  J1_POINTWISE(
      "J1, pointwise",
      "j1-score",
      "{ rule: j1-pointwise, right: 1.0, wrong: 0.0, unparseable: 0.0 }",
      List.of("A")) {
    @Override
    String verdict(Random random) {
      return "<score> %s </score>"
          .formatted(random.nextBoolean() ? random.nextInt(12) : random.nextInt(110) / 10.0);
    }

    @Override
    List<String> arms() {
      return List.of("chosen", "rejected");
    }

    /** The last score after the thought, in range. */
    @Override
    Outcome of(String text, String reference) {
      List<String> scores =
          last(J1_ALONE, afterThought(text), 1).stream().findFirst().orElse(List.of());
      double score = scores.isEmpty() ? 11 : Double.parseDouble(scores.getFirst());
      return score > 10 ? Outcome.unread(0) : Outcome.read(score);
    }

    /** One for both if the better answer has the higher score. */
    @Override
    List<Outcome> of(List<String> texts, String reference) {
      Outcome better = of(texts.getFirst(), reference);
      Outcome worse = of(texts.getLast(), reference);
      boolean ranked = better.isRead() && worse.isRead() && better.reward() > worse.reward();
      return List.of(
          new Outcome(ranked ? 1 : 0, better.isRead()),
          new Outcome(ranked ? 1 : 0, worse.isRead()));
    }
  },

  SELF_TAUGHT(
      "Self-Taught Evaluators",
      "bracketed",
      "{ rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }",
      List.of("A", "B")) {
    @Override
    String verdict(Random random) {
      return "[[%s]]".formatted(random.nextBoolean() ? "A" : "B");
    }

    @Override
    Outcome of(String text, String reference) {
      boolean first = text.contains("[[A]]");
      boolean second = text.contains("[[B]]");
      return first == second
          ? Outcome.unread(0)
          : Outcome.read(reference.equals(first ? "A" : "B") ? 1 : 0);
    }
  };

  private static final Pattern THINKJ_FIRST =
      Pattern.compile("<Score 1>([0-9]*\\.?[0-9]+)</Score 1>");
  private static final Pattern THINKJ_SECOND =
      Pattern.compile("<Score 2>([0-9]*\\.?[0-9]+)</Score 2>");
  private static final Pattern J1_ANSWER =
      Pattern.compile("<answer>\\s*\\[\\[([AB])]]\\s*</answer>");
  private static final Pattern J1_PAIR =
      Pattern.compile(
          "<score_A>\\s*([0-9]{1,6})\\s*</score_A>\\s*<score_B>\\s*([0-9]{1,6})\\s*</score_B>");
  private static final Pattern J1_ALONE =
      Pattern.compile("<score>\\s*([0-9]{1,6}(?:\\.[0-9])?)\\s*</score>");

  private final String label;
  private final String format;
  private final String reward;
  private final List<String> references;

  PublishedSystem(String label, String format, String reward, List<String> references) {
    this.label = label;
    this.format = format;
    this.reward = reward;
    this.references = references;
  }

  /**
   * The published reward of a text.
   *
   * @param isRead whether the text has a verdict
   */
  record Outcome(double reward, boolean isRead) {

    static Outcome read(double reward) {
      return new Outcome(reward, true);
    }

    static Outcome unread(double reward) {
      return new Outcome(reward, false);
    }

    Outcome plus(double bonus) {
      return new Outcome(reward + bonus, isRead);
    }
  }

  /** A verdict as the system's prompt asks for it. */
  abstract String verdict(Random random);

  abstract Outcome of(String text, String reference);

  /** The rewards of one text per arm. */
  List<Outcome> of(List<String> texts, String reference) {
    return List.of(of(texts.getFirst(), reference));
  }

  List<String> arms() {
    return List.of("AB");
  }

  /** The reference of an arm. */
  String reference(int arm, String reference) {
    return reference;
  }

  String label() {
    return label;
  }

  /** The name of the verdict format here. */
  String format() {
    return format;
  }

  /** The section {@code reward} of a run file that is to give the published rewards. */
  String reward() {
    return reward;
  }

  List<String> references() {
    return references;
  }

  /**
   * JudgeLRM's two scores; empty for a wrong structure, -1 for a score that is not an integer. One
   * thought and two answers; the first tag of each kind in order.
   */
  private static int[] judgeLrmScores(String text) {
    boolean counted =
        count(text, "<think>") == 1
            && count(text, "</think>") == 1
            && count(text, "<answer>") == 2
            && count(text, "</answer>") == 2;
    boolean ordered =
        text.indexOf("<think>") <= text.indexOf("</think>")
            && text.indexOf("</think>") <= text.indexOf("<answer>")
            && text.indexOf("<answer>") <= text.indexOf("</answer>");
    if (!counted || !ordered) {
      return new int[0];
    }
    List<Integer> scores = new ArrayList<>();
    for (int from = text.indexOf("<answer>"); from >= 0; ) {
      int end = text.indexOf("</answer>", from);
      if (end < 0) {
        return new int[0];
      }
      String score = text.substring(from + "<answer>".length(), end).strip();
      scores.add(score.matches("[+]?[0-9]{1,9}") ? Integer.parseInt(score) : -1);
      from = text.indexOf("<answer>", end);
    }
    return scores.size() == 2 ? new int[] {scores.get(0), scores.get(1)} : new int[0];
  }

  private static double distancePart(int[] scores, int[] gold) {
    int distance = Math.abs(scores[0] - gold[0]) + Math.abs(scores[1] - gold[1]);
    return distance == 0 ? 1 : distance <= 2 ? 0.6 : 0;
  }

  private static double marginPart(int[] scores, int[] gold) {
    return Math.abs(scores[0] - scores[1]) >= Math.abs(gold[0] - gold[1]) ? 0.2 : 0;
  }

  private static int[] numbers(String reference) {
    int comma = reference.indexOf(',');
    return new int[] {
      Integer.parseInt(reference.substring(0, comma)),
      Integer.parseInt(reference.substring(comma + 1))
    };
  }

  /** Whether the words are anywhere with one more character behind them on their line. */
  private static boolean isFollowedOnItsLine(String text, String words) {
    for (int at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      int behind = at + words.length();
      if (behind < text.length() && text.charAt(behind) != '\n') {
        return true;
      }
    }
    return false;
  }

  /** What follows the last closing tag of a thought; empty without one. */
  static String afterThought(String text) {
    int end = text.lastIndexOf("</think>");
    return end < 0 ? "" : text.substring(end + "</think>".length());
  }

  /** The groups of the last match; empty without one. */
  private static List<List<String>> last(Pattern pattern, String text, int groups) {
    List<List<String>> last = List.of();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      List<String> found = new ArrayList<>();
      for (int group = 1; group <= groups; group++) {
        found.add(matcher.group(group));
      }
      last = List.of(found);
    }
    return last;
  }

  static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }
}
