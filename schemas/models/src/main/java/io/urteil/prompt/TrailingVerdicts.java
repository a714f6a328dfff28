package io.urteil.prompt;

import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses verdicts in words or brackets at the end of the text. */
final class TrailingVerdicts {

  private static final Map<String, Preference> BOXED =
      Map.of(
          "\\boxed{Assistant 1}", Preference.A,
          "\\boxed{Assistant 2}", Preference.B,
          "\\boxed{\\text{Assistant 1}}", Preference.A,
          "\\boxed{\\text{Assistant 2}}", Preference.B);

  private static final Map<String, Preference> BRACKETED_WITH_TIE =
      Map.of("[[A]]", Preference.A, "[[B]]", Preference.B, "[[C]]", Preference.TIE);

  private static final Map<String, Preference> BETTER =
      Map.of(
          "Response (a) is better", Preference.A,
          "Response (b) is better", Preference.B);

  private static final String RUBRIC_A = "<answer>[[A]]</answer>";
  private static final String RUBRIC_B = "<answer>[[B]]</answer>";

  private static final Pattern STRENGTH =
      Pattern.compile(
          "Response \\((a|b)\\) is better, and the strength is \\[\\[(\\d{1,3})]]\\.?\\z");

  private static final Pattern CORRECT =
      Pattern.compile("Is the answer correct \\(Yes/No\\)\\?\\s{0,9}(Yes|No)\\z");

  private static final Pattern RESULT =
      Pattern.compile("\\[RESULT]\\s{0,9}\\(?([A-Za-z0-9.]{1,9})\\)?\\z");

  private TrailingVerdicts() {}

  /** RRM: {@code \boxed{Assistant 1}} after the thought. */
  static ParsedVerdict boxedAssistant(String text) {
    return preference(
        text,
        Conclusion.afterThought(text),
        BOXED,
        "</think> and \\boxed{Assistant 1} or \\boxed{Assistant 2} at the end");
  }

  /** Self-Taught Evaluators: {@code [[A]]}. */
  static ParsedVerdict bracketed(String text) {
    return preference(
        text, Conclusion.of(text), TaggedVerdicts.BRACKETED, "[[A]] or [[B]] at the end");
  }

  /** {@link #bracketed} with {@code [[C]]} for a tie. */
  static ParsedVerdict bracketedWithTie(String text) {
    return preference(
        text, Conclusion.of(text), BRACKETED_WITH_TIE, "[[A]], [[B]] or [[C]] at the end");
  }

  /** Think-J: {@code Therefore, Response (a) is better.} */
  static ParsedVerdict better(String text) {
    return preference(
        text, Conclusion.of(text), BETTER, "'Response (a) is better.' or (b) at the end");
  }

  /** Think-J with a strength of preference; the reward rule defines the valid strengths. */
  static ParsedVerdict strength(String text) {
    Conclusion conclusion = Conclusion.of(text);
    Matcher matcher = conclusion == null ? null : end(STRENGTH, conclusion.text());
    if (matcher == null) {
      return Unparseable.of(
          text, "'Response (a) is better, and the strength is [[2]].' or (b) at the end");
    }
    double strength = Double.parseDouble(matcher.group(2));
    return matcher.group(1).equals("a")
        ? new Pairwise(List.of(strength, 0.0), Preference.A)
        : new Pairwise(List.of(0.0, strength), Preference.B);
  }

  /**
   * RM-R1 (arXiv 2505.02387, {@code lm_as_judge.py}): exactly one of the two answers within the
   * last 80 characters.
   */
  static ParsedVerdict rubrics(String text) {
    Conclusion conclusion = Conclusion.of(text);
    String all = conclusion == null ? "" : conclusion.text();
    String end = all.substring(Math.max(0, all.length() - Conclusion.DOUBT_CHARACTERS));
    boolean a = end.contains(RUBRIC_A);
    boolean b = end.contains(RUBRIC_B);
    return a == b
        ? Unparseable.of(
            text, "<answer>[[A]]</answer> or <answer>[[B]]</answer> in the last 80 characters")
        : Pairwise.of(a ? Preference.A : Preference.B);
  }

  /** Self-Verify (arXiv 2506.01369): {@code Is the answer correct (Yes/No)? Yes}. */
  static ParsedVerdict correct(String text) {
    Conclusion conclusion = Conclusion.of(text);
    Matcher matcher =
        conclusion == null ? null : end(CORRECT, Conclusion.undecorated(conclusion.text()));
    return matcher == null
        ? Unparseable.of(text, "'Is the answer correct (Yes/No)? Yes' or No at the end")
        : yesOrNo(matcher.group(1).equals("Yes"));
  }

  /** A single word after an optional thought: yes, no, or unsure, which abstains. */
  static ParsedVerdict yesNo(String text) {
    return switch (onlyWord(text)) {
      case "yes" -> yesOrNo(true);
      case "no" -> yesOrNo(false);
      case "unsure" -> new ParsedVerdict.Abstained();
      default -> Unparseable.of(text, "the single word yes, no or unsure");
    };
  }

  /** SELF-JUDGE: a single letter, A or B. */
  static ParsedVerdict letter(String text) {
    return switch (onlyWord(text)) {
      case "a" -> Pairwise.of(Preference.A);
      case "b" -> Pairwise.of(Preference.B);
      default -> Unparseable.of(text, "the single letter A or B");
    };
  }

  /** Prometheus: {@code Feedback: … [RESULT] 4}. */
  static ParsedVerdict resultScore(String text, ScoreRange range) {
    String result = result(text);
    Double score = result == null ? null : range.read(result);
    return score == null
        ? Unparseable.of(
            text,
            "[RESULT] n at the end, " + range.expectation(),
            result == null ? Fault.STRUCTURE : Fault.SCORES)
        : new Pointwise(score, null);
  }

  /** Prometheus, relative: {@code Feedback: … [RESULT] A}. */
  static ParsedVerdict resultLetter(String text) {
    return switch (result(text)) {
      case "A" -> Pairwise.of(Preference.A);
      case "B" -> Pairwise.of(Preference.B);
      case null -> Unparseable.of(text, "[RESULT] A or [RESULT] B at the end");
      default -> Unparseable.of(text, "[RESULT] A or [RESULT] B at the end", Fault.SCORES);
    };
  }

  private static @Nullable String result(String text) {
    Conclusion conclusion = Conclusion.of(text);
    if (conclusion == null) {
      return null;
    }
    String plain = Conclusion.undecorated(conclusion.text());
    Matcher matcher = end(RESULT, plain);
    if (matcher == null) {
      return null;
    }
    String near =
        plain.substring(
            Math.max(0, matcher.start() - Conclusion.DOUBT_CHARACTERS), matcher.start());
    return near.contains("[RESULT]") ? null : matcher.group(1);
  }

  private static ParsedVerdict preference(
      String text,
      @Nullable Conclusion conclusion,
      Map<String, Preference> tokens,
      String expectation) {
    Preference preference = conclusion == null ? null : conclusion.last(tokens);
    return preference == null ? Unparseable.of(text, expectation) : Pairwise.of(preference);
  }

  private static ParsedVerdict yesOrNo(boolean yes) {
    return new Pointwise(yes ? 1 : 0, yes ? "yes" : "no");
  }

  private static String onlyWord(String text) {
    Conclusion conclusion = Conclusion.of(text);
    return conclusion == null
        ? ""
        : Conclusion.undecorated(conclusion.text()).strip().toLowerCase(Locale.ROOT);
  }

  /** The match at the end of a text; only the last 200 characters are searched. */
  private static @Nullable Matcher end(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    matcher.region(Math.max(0, text.length() - 200), text.length());
    return matcher.find() ? matcher : null;
  }
}
