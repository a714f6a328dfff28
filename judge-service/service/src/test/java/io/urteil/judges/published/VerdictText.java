package io.urteil.judges.published;

import static io.urteil.judges.published.PublishedSystem.JUDGELRM_CODE;
import static io.urteil.judges.published.PublishedSystem.JUDGELRM_PAPER;
import static io.urteil.judges.published.PublishedSystem.RM_R1;
import static io.urteil.judges.published.PublishedSystem.RRM;
import static io.urteil.judges.published.PublishedSystem.SELF_TAUGHT;
import static io.urteil.judges.published.PublishedSystem.THINKJ_SCORES;
import static io.urteil.judges.published.PublishedSystem.THINKJ_STRENGTH;
import static io.urteil.judges.published.PublishedSystem.THINKJ_VERDICT;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Properties of a judge's text, by the verdicts in it, whatever their letter case and spaces. */
record VerdictText(PublishedSystem system, String text) {

  private static final String CLOSE = "</think>";

  /** Introductions that the generator writes. */
  private static final Pattern INTRODUCTION =
      Pattern.compile("(?:|So|The winner is|Final verdict:|Therefore,)[\\s*]*");

  boolean isOf(PublishedSystem other) {
    return system == other;
  }

  boolean isJudgeLrm() {
    return isOf(JUDGELRM_CODE) || isOf(JUDGELRM_PAPER);
  }

  boolean isThinkJSentence() {
    return isOf(THINKJ_VERDICT) || isOf(THINKJ_STRENGTH);
  }

  /** Whether the format has tags that must be alone. */
  boolean isTagged() {
    return !isThinkJSentence() && !isOf(RM_R1) && !isOf(RRM) && !isOf(SELF_TAUGHT);
  }

  boolean contains(String part) {
    return text.contains(part);
  }

  boolean hasMalformedThought() {
    int opened = PublishedSystem.count(text, "<think>");
    int closed = PublishedSystem.count(text, CLOSE);
    return opened > 1
        || closed > 1
        || (opened == 1 && (closed == 0 || !text.strip().startsWith("<think>")));
  }

  /** The verdicts of a text. */
  int verdicts() {
    return found(plain()).size();
  }

  int verdictsAfterThought() {
    return found(conclusion()).size();
  }

  /** Verdicts of a well-formed text; two answers of JudgeLRM. */
  int expected() {
    return isJudgeLrm() ? 2 : 1;
  }

  /** Whether an opening tag of the verdict occurs twice after the thought, well-formed or not. */
  boolean hasSecondTag() {
    return isTagged()
        && !isJudgeLrm()
        && List.of("<answer>", "</answer>", "<score", "</score", "<Score 1", "</Score 2").stream()
            .anyMatch(tag -> PublishedSystem.count(conclusion(), tag) > 2 || twice(tag));
  }

  private boolean twice(String tag) {
    boolean both = tag.contains("score") && isOf(PublishedSystem.J1_SCORES);
    return !both && PublishedSystem.count(conclusion(), tag) > 1;
  }

  /** Whether more than punctuation and emphasis follows the last verdict; in tags, anything. */
  boolean isFollowed() {
    List<MatchResult> found = found(conclusion());
    if (found.isEmpty()) {
      return false;
    }
    String behind = conclusion().substring(found.getLast().end());
    if (isOf(THINKJ_SCORES)) {
      return behind.strip().length() > 20 || behind.contains("<");
    }
    return !(isTagged() ? behind.strip() : behind.replaceAll("[\\s.!*_]", "")).isEmpty();
  }

  boolean isInEvaluation() {
    return text.lastIndexOf("<eval>") > text.lastIndexOf("</eval>");
  }

  boolean hasScoreAbove(int most) {
    return Pattern.compile("[0-9]+(?:\\.[0-9]+)?")
        .matcher(
            found(plain()).isEmpty()
                ? ""
                : found(plain()).getLast().group().replaceAll("Score [12]", ""))
        .results()
        .anyMatch(number -> Double.parseDouble(number.group()) > most);
  }

  /** Whether more than white space is outside the tags after the thought. */
  boolean hasWordsAroundTags() {
    String rest = conclusion();
    for (MatchResult verdict : found(conclusion()).reversed()) {
      rest = rest.substring(0, verdict.start()) + rest.substring(verdict.end());
    }
    return !rest.isBlank();
  }

  boolean hasWordsBefore() {
    List<MatchResult> found = found(conclusion());
    if (found.isEmpty()) {
      return false;
    }
    String before = conclusion().substring(0, found.getLast().start());
    String line = before.substring(before.lastIndexOf('\n') + 1);
    return !INTRODUCTION.matcher(line.strip()).matches();
  }

  boolean endsInSpace(int characters) {
    return text.length() - text.stripTrailing().length() >= characters;
  }

  boolean hasLineBreakInVerdict() {
    return found(plain()).stream().anyMatch(verdict -> verdict.group().contains("\n"));
  }

  boolean hasExactSentence() {
    return isOf(THINKJ_VERDICT)
        ? Pattern.compile("Response \\([ab]\\) is better[^\n]").matcher(text).find()
        : Pattern.compile(
                "Therefore, Response \\([ab]\\) is better, and the strength is \\[\\[\\d+]]\\.")
            .matcher(text)
            .find();
  }

  /** Whether the last verdict is spelled as the format asks. */
  boolean endsWithExactVerdict() {
    List<MatchResult> found = found(plain());
    return !found.isEmpty()
        && text.contains(found.getLast().group())
        && exact().matcher(found.getLast().group()).matches();
  }

  private String conclusion() {
    String plain = plain();
    int end = plain.indexOf(CLOSE);
    return end < 0 ? plain : plain.substring(end + CLOSE.length());
  }

  /** Without emphasis, which only formats in words and brackets ignore. */
  private String plain() {
    return isTagged() ? text : text.replace("**", "");
  }

  private List<MatchResult> found(String part) {
    return Pattern.compile(lenient(), Pattern.CASE_INSENSITIVE).matcher(part).results().toList();
  }

  private Pattern exact() {
    return Pattern.compile(
        switch (system) {
          case RM_R1 -> "<answer>\\[\\[[AB]]]</answer>";
          case RRM -> "\\\\boxed\\{Assistant [12]}";
          case SELF_TAUGHT -> "\\[\\[[AB]]]";
          case J1_VERDICT -> "<answer>\\s*\\[\\[[AB]]]\\s*</answer>";
          case THINKJ_VERDICT -> "Response \\([ab]\\) is better";
          case THINKJ_STRENGTH -> "Response \\([ab]\\) is better, and the strength is \\[\\[\\d+]]";
          case THINKJ_SCORES -> "<Score 1>[\\d.]+</Score 1>.*<Score 2>[\\d.]+</Score 2>";
          default -> lenient();
        });
  }

  private String lenient() {
    return switch (system) {
      case JUDGELRM_CODE, JUDGELRM_PAPER -> "<answer>[^<]*</answer>";
      case THINKJ_VERDICT -> "Response\\s*\\(\\s*[ab]\\) is better";
      case THINKJ_STRENGTH ->
          "Response\\s*\\(\\s*[ab]\\) is better, and the strength is \\[\\[\\s*\\d+]]";
      case THINKJ_SCORES ->
          "<Score 1>\\s*[\\d.]+\\s*</Score 1>[^<]{0,9}<Score 2>\\s*[\\d.]+\\s*</Score 2>";
      case RM_R1, J1_VERDICT -> "<answer>\\s*\\[\\[\\s*[AB]\\s*]]\\s*</answer>";
      case RRM -> "\\\\boxed\\{\\s*Assistant [12]}";
      case J1_SCORES -> "<score_A>\\s*[\\d.]+\\s*</score_A>\\s*<score_B>\\s*[\\d.]+\\s*</score_B>";
      case J1_POINTWISE -> "<score>\\s*[\\d.]+\\s*</score>";
      case SELF_TAUGHT -> "\\[\\[\\s*[AB]\\s*]]";
    };
  }
}
