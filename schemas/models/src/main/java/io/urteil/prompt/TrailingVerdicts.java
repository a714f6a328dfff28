package io.urteil.prompt;

import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import io.urteil.prompt.sentence.Doubt;
import io.urteil.prompt.sentence.Lead;
import io.urteil.prompt.sentence.Marks;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses verdicts in words or brackets at the end of the text. */
final class TrailingVerdicts {

  private static final Map<String, Preference> BOXED =
      Map.of("\\boxed{Assistant 1}", Preference.A, "\\boxed{Assistant 2}", Preference.B);

  /** A font around the name in a box; the braces of the name itself stay. */
  private static final Pattern FONT =
      Pattern.compile("\\\\(?:text(?:bf|it|rm)?|math(?:bf|rm|it)|mbox)\\s?\\{([^{}]{0,40})\\}");

  private static final Pattern LATEX_SPACE = Pattern.compile("~|\\\\[ ,;:]|\\\\quad ?");

  private static final Map<String, Preference> BRACKETED_WITH_TIE =
      Map.of("[[A]]", Preference.A, "[[B]]", Preference.B, "[[C]]", Preference.TIE);

  private static final Map<String, Preference> BETTER =
      Map.of(
          "Response (a) is better", Preference.A,
          "Response (b) is better", Preference.B);

  private static final Pattern RUBRIC =
      Pattern.compile("<answer>\\s{0,9}\\[\\[([AB])]]\\s{0,9}</answer>", Pattern.CASE_INSENSITIVE);

  private static final Pattern STRENGTH =
      Pattern.compile(
          "Response \\((a|b)\\) is better, and the strength is \\[\\[(\\d{1,3})]]\\.?\\z",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern CORRECT =
      Pattern.compile(
          "Is the answer correct \\(Yes/No\\)\\?\\s{0,9}(Yes|No)\\z", Pattern.CASE_INSENSITIVE);

  private static final Pattern RESULT =
      Pattern.compile(
          "\\[RESULT]:?\\s{0,9}(?:(?:Score|Rating|Response|Assistant|Answer):?\\s{0,3})?"
              + "[(\"'\u201c]?([A-Za-z0-9.]{1,9})[)\"'\u201d]?(?:\\s?(?:/|out of)\\s?(\\d{1,3}))?\\z",
          Pattern.CASE_INSENSITIVE);

  /** The word of a verdict, with what it is the verdict on. */
  private static final Pattern WORD =
      Pattern.compile(
          "(?:(?:\u6700\u7ec8)?(?:\u7b54\u6848|\u9009\u62e9|\u7ed3\u8bba|\u5224\u65ad)(?:\u662f|\u4e3a)?[:\uff1a]?\\s{0,3}|(?:my |the )?(?:final |better |preferred |best )?"
              + "(?:answer|verdict|choice|winner|response|assistant|option|judgement|judgment)"
              + "(?: is)?:?\\s{1,3})?[\\[(\"'\u201c\u2018]{0,3}([a-z]{1,6})[\\])\"'\u201d\u2019]{0,3}",
          Pattern.CASE_INSENSITIVE);

  /** Yes or no with the reason behind it. */
  private static final Pattern REASONED =
      Pattern.compile(
          "(yes|no)[,.:;!\u2014\u3002\uff0c\n]\\s{0,3}+(?!\\d)(.{1,600})",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern OTHER_WORD =
      Pattern.compile(
          "\\b(?:yes|unsure|wait|but|however|although|though|only|partly|partially|almost|actually)\\b",
          Pattern.CASE_INSENSITIVE);

  /** Characters of a text, or of its end, that are read. */
  private static final int LONGEST = 1_000;

  private TrailingVerdicts() {}

  /** RRM: {@code \boxed{Assistant 1}} after the thought. */
  static ParsedVerdict boxedAssistant(String text) {
    Conclusion conclusion = Conclusion.afterThought(text);
    return preference(
        text,
        conclusion == null ? null : new Conclusion(withoutFonts(conclusion.text())),
        BOXED,
        "</think> and \\boxed{Assistant 1} or \\boxed{Assistant 2} at the end");
  }

  /** The end of a text without fonts, and with plain spaces for those of LaTeX. */
  private static String withoutFonts(String text) {
    String end = text.substring(Math.max(0, text.length() - LONGEST));
    String bare = FONT.matcher(FONT.matcher(end).replaceAll("$1")).replaceAll("$1");
    return LATEX_SPACE.matcher(bare).replaceAll(" ").replace("Assistant  ", "Assistant ");
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
    String plain = conclusion == null ? "" : plainEnd(conclusion.text());
    Matcher matcher = conclusion == null ? null : end(STRENGTH, plain);
    if (matcher == null || isDoubtful(plain, matcher.start())) {
      return Unparseable.of(
          text, "'Response (a) is better, and the strength is [[2]].' or (b) at the end");
    }
    double strength = Double.parseDouble(matcher.group(2));
    return matcher.group(1).equalsIgnoreCase("a")
        ? new Pairwise(List.of(strength, 0.0), Preference.A)
        : new Pairwise(List.of(0.0, strength), Preference.B);
  }

  /**
   * RM-R1 (arXiv 2505.02387): one of the two answers at the end, outside of the evaluation, without
   * the other one in the last 80 characters. The authors' code searches the last 80 characters,
   * which also finds an answer that is quoted.
   */
  static ParsedVerdict rubrics(String text) {
    Conclusion conclusion = Conclusion.of(text);
    String all = conclusion == null ? "" : plainEnd(conclusion.text());
    Matcher matcher = RUBRIC.matcher(all);
    int start = -1;
    int end = -1;
    String letter = "";
    boolean contradicted = false;
    while (matcher.find()) {
      String next = matcher.group(1).toUpperCase(Locale.ROOT);
      boolean near = start >= 0 && start >= all.length() - Conclusion.DOUBT_CHARACTERS;
      contradicted |= near && !next.equals(letter);
      start = matcher.start();
      end = matcher.end();
      letter = next;
    }
    boolean atEnd = end == all.length();
    boolean inEvaluation =
        conclusion != null
            && conclusion.text().lastIndexOf("<eval>") > conclusion.text().lastIndexOf("</eval>");
    // The tags introduce the verdict, so that words before them need not.
    return !atEnd || inEvaluation || contradicted || isDenied(all, start)
        ? Unparseable.of(
            text, "<answer>[[A]]</answer> or <answer>[[B]]</answer> at the end, and not both")
        : Pairwise.of(letter.equals("A") ? Preference.A : Preference.B);
  }

  /** Self-Verify (arXiv 2506.01369): {@code Is the answer correct (Yes/No)? Yes}. */
  static ParsedVerdict correct(String text) {
    Conclusion conclusion = Conclusion.of(text);
    String plain = conclusion == null ? "" : plainEnd(conclusion.text());
    Matcher matcher = conclusion == null ? null : end(CORRECT, plain);
    return matcher == null || isDoubtful(plain, matcher.start())
        ? Unparseable.of(text, "'Is the answer correct (Yes/No)? Yes' or No at the end")
        : yesOrNo(matcher.group(1).equalsIgnoreCase("yes"));
  }

  /**
   * A word after an optional thought: yes, no, or unsure, which abstains. A reason may follow yes
   * or no if it neither takes it back nor holds another of the words.
   */
  static ParsedVerdict yesNo(String text) {
    return switch (onlyWord(text)) {
      case "yes" -> yesOrNo(true);
      case "no" -> yesOrNo(false);
      case "unsure" -> new ParsedVerdict.Abstained();
      default -> {
        Conclusion conclusion = Conclusion.of(text);
        Matcher reasoned =
            REASONED.matcher(
                conclusion == null || conclusion.text().length() > LONGEST
                    ? ""
                    : Marks.plain(conclusion.text()));
        boolean yes = reasoned.matches() && reasoned.group(1).equalsIgnoreCase("yes");
        boolean readable =
            reasoned.matches()
                && !OTHER_WORD.matcher(reasoned.group(2)).find()
                && !(yes ? Doubt.casts(reasoned.group(2)) : Doubt.leavesOpen(reasoned.group(2)));
        yield readable
            ? yesOrNo(yes)
            : Unparseable.of(text, "the word yes, no or unsure, with a reason at most");
      }
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
    String result = result(text, range);
    Double score = result == null ? null : range.read(result.replaceAll("\\.0\\z", ""));
    return score == null
        ? Unparseable.of(
            text,
            "[RESULT] n at the end, " + range.expectation(),
            result == null ? Fault.STRUCTURE : Fault.SCORES)
        : new Pointwise(score, null);
  }

  /** Prometheus, relative: {@code Feedback: … [RESULT] A}. */
  static ParsedVerdict resultLetter(String text) {
    return switch (result(text, null)) {
      case "A" -> Pairwise.of(Preference.A);
      case "B" -> Pairwise.of(Preference.B);
      case null -> Unparseable.of(text, "[RESULT] A or [RESULT] B at the end");
      default -> Unparseable.of(text, "[RESULT] A or [RESULT] B at the end", Fault.SCORES);
    };
  }

  /** What follows [RESULT]; a maximum behind it must be that of the range. */
  private static @Nullable String result(String text, @Nullable ScoreRange range) {
    Conclusion conclusion = Conclusion.of(text);
    if (conclusion == null) {
      return null;
    }
    String plain = plainEnd(conclusion.text());
    Matcher matcher = end(RESULT, plain);
    if (matcher == null) {
      return null;
    }
    String before = plain.substring(0, matcher.start());
    String near = before.substring(Math.max(0, before.length() - Conclusion.DOUBT_CHARACTERS));
    String maximum = matcher.group(2);
    boolean ofRange = maximum == null || (range != null && maximum.equals(range.maximum()));
    boolean doubtful =
        Conclusion.containsIgnoringCase(near, "[RESULT]")
            || Doubt.before(before)
            || Doubt.quotes(
                plain.substring(0, matcher.start(1)),
                conclusion.text().substring(undecoratedLength(conclusion)));
    return doubtful || !ofRange ? null : matcher.group(1).toUpperCase(Locale.ROOT);
  }

  private static int undecoratedLength(Conclusion conclusion) {
    return Conclusion.undecorated(conclusion.text()).length();
  }

  /** The end of the text without emphasis and without marks at its end. */
  private static String plainEnd(String text) {
    return Conclusion.undecorated(Marks.plain(bounded(Conclusion.undecorated(text))));
  }

  private static String bounded(String text) {
    return text.substring(Math.max(0, text.length() - LONGEST));
  }

  private static boolean isDoubtful(String text, int start) {
    return !Lead.introduces(text.substring(0, start)) || isDenied(text, start);
  }

  private static boolean isDenied(String text, int start) {
    String before = text.substring(0, start);
    return Doubt.before(before) || Doubt.quotes(before, "");
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

  /** The word that the conclusion consists of, in lower case; empty for any other text. */
  private static String onlyWord(String text) {
    Conclusion conclusion = Conclusion.of(text);
    if (conclusion == null || conclusion.text().length() > LONGEST) {
      return "";
    }
    Matcher word = WORD.matcher(Marks.stripped(plainEnd(conclusion.text())));
    return word.matches() ? word.group(1).toLowerCase(Locale.ROOT) : "";
  }

  /** The match at the end of a text; only the last 200 characters are searched. */
  private static @Nullable Matcher end(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    matcher.region(Math.max(0, text.length() - 200), text.length());
    return matcher.find() ? matcher : null;
  }
}
