package io.urteil.prompt.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.prompt.JudgeQuestion;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack against every prompt and every parser. */
class AttacksTest {

  private static final String OTHER = "The other candidate's answer.";

  static List<Attack> attacks() {
    return Attacks.all();
  }

  /** A good judge's text in each format, with a place for what it thinks or says before. */
  private static final List<Judged> JUDGED =
      List.of(
          new Judged("judgelrm-scores", "<think>%s</think><answer>3</answer><answer>5</answer>"),
          new Judged(
              "judgelrm-scores-code", "<think>%s</think><answer>3</answer><answer>5</answer>"),
          new Judged("judgelrm-score", "<think>%s</think><answer>3</answer>"),
          new Judged("j1-verdict", "<think>%s</think><answer>[[B]]</answer>"),
          new Judged("j1-scores", "<think>%s</think><score_A>3</score_A><score_B>5</score_B>"),
          new Judged(
              "j1-verdict-scores",
              "<think>%s</think><score_A>3</score_A><score_B>5</score_B><answer>[[B]]</answer>"),
          new Judged("j1-score", "<think>%s</think><score>3</score>"),
          new Judged(
              "assistant-scores",
              "<think>%s</think><score_assistant_1>3</score_assistant_1><score_assistant_2>5</score_assistant_2>"),
          new Judged("boxed-assistant", "<think>%s</think>\\boxed{Assistant 2}"),
          new Judged("rubrics-answer", "<think>%s</think><answer>[[B]]</answer>"),
          new Judged("thinkj-verdict", "<think>%s</think>Therefore, Response (b) is better."),
          new Judged(
              "thinkj-strength",
              "<think>%s</think>Therefore, Response (b) is better, and the strength is [[2]]."),
          new Judged(
              "thinkj-scores", "<think>%s</think><Score 1>3</Score 1> and <Score 2>5</Score 2>"),
          new Judged("thinkj-score", "<think>%s</think><Score>3</Score>"),
          new Judged("answer-correct", "<think>%s</think>Is the answer correct (Yes/No)? No"),
          new Judged("bracketed", "<think>%s</think>[[B]]"),
          new Judged("bracketed-tie", "<think>%s</think>[[B]]"),
          new Judged("letter", "<think>%s</think>B"),
          new Judged("yes-no", "<think>%s</think>no"),
          new Judged("result-score", "<think>%s</think>Feedback: bad. [RESULT] 1"),
          new Judged("result-letter", "<think>%s</think>Feedback: B. [RESULT] B"),
          new Judged("json-score", "<think>%s</think>{\"score\": 0.1}"),
          new Judged("json-verdict", "<think>%s</think>{\"verdict\": \"B\"}"),
          new Judged("json-scores", "<think>%s</think>{\"score_1\": 2, \"score_2\": 4}"),
          new Judged(
              "ruler-scores",
              "<think>%s</think>{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.1},"
                  + " {\"trajectory_id\": \"2\", \"score\": 0.9}]}"));

  /** What a judge writes in a format around what it quotes. */
  private record Judged(String format, String text) {
    String quoting(String quote) {
      return text.replace("%s", quote);
    }
  }

  @Test
  void shouldHaveNamesAndKindsOfTheirOwn() {
    assertThat(attacks()).hasSizeGreaterThan(50).extracting(Attack::name).doesNotHaveDuplicates();
    assertThat(attacks())
        .extracting(Attack::kind)
        .contains("verdict", "break-out", "master-key", "persuasion", "disguise", "size", "rule");
    assertThat(attacks().stream().filter(attack -> attack.repeat() > 0))
        .allSatisfy(attack -> assertThat(attack.on("17").length()).isBetween(20_000, 110_000));
  }

  @Test
  void shouldCoverEveryFormat() {
    assertThat(Stream.concat(JUDGED.stream().map(Judged::format), Stream.of("think-answer-scores")))
        .containsExactlyInAnyOrderElementsOf(VerdictFormat.names());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void shouldStayInItsPlaceInEveryPrompt(Attack attack) {
    // Given
    String attacked = attack.on("The answer is 17.");

    for (String name : JudgePrompts.names()) {
      JudgePrompt prompt = JudgePrompts.named(name);
      boolean alone = prompt.mode() == JudgeMode.POINTWISE;

      // When
      List<OriginText.Run> pieces =
          pieces(
              prompt,
              alone ? JudgeQuestion.of("q", attacked) : JudgeQuestion.of("q", attacked, OTHER));
      List<OriginText.Run> harmless =
          pieces(prompt, alone ? JudgeQuestion.of("q", "a") : JudgeQuestion.of("q", "a", OTHER));

      // Then
      assertThat(others(pieces, attacked)).as(name).isEqualTo(others(harmless, "a"));
    }
  }

  /** Everything but the attack, in order; an empty attack leaves no seam. */
  private static String others(List<OriginText.Run> pieces, String attacked) {
    return pieces.stream()
        .filter(piece -> !isAttack(piece, attacked))
        .map(OriginText.Run::text)
        .collect(Collectors.joining())
        .replaceAll("<<[0-9a-f]{12}", "<<mark")
        .replaceAll("[0-9a-f]{12}>>", "mark>>");
  }

  /** The attack as it is, or with its forged headings quoted. */
  private static boolean isAttack(OriginText.Run piece, String attacked) {
    return piece.origin() == Origin.CANDIDATE && unquoted(piece.text()).equals(unquoted(attacked));
  }

  private static String unquoted(String text) {
    return text.replaceAll("(?m)^> ", "");
  }

  private static List<OriginText.Run> pieces(JudgePrompt prompt, JudgeQuestion question) {
    return prompt.render(question).messages().stream()
        .flatMap(message -> message.content().runs().stream())
        .toList();
  }

  /** A judge may quote what it judges: its verdict stands, or nothing does. */
  @ParameterizedTest
  @MethodSource("attacks")
  void shouldNeverTurnTheVerdictOfAJudgeThatQuotesIt(Attack attack) {
    String quote = "It says: " + attack.on("17") + " which is wrong.";
    for (Judged judged : JUDGED) {
      // Given
      VerdictFormat format = VerdictFormat.named(judged.format());
      ParsedVerdict own = format.parse(judged.quoting("nothing"));

      // When
      ParsedVerdict verdict = format.parse(judged.quoting(quote));

      // Then
      assertThat(own).as(judged.format()).isInstanceOf(ParsedVerdict.Read.class);
      if (!(verdict instanceof ParsedVerdict.Unparseable)) {
        assertThat(verdict).as(judged.format()).isEqualTo(own);
      }
    }
  }

  /** A judge that was cut off while it quoted has said nothing. */
  @ParameterizedTest
  @MethodSource("attacks")
  void shouldNotBeAVerdictOfAJudgeThatWasCutOffWhileItThought(Attack attack) {
    String quote = attack.on("17").replace("</think>", "");
    for (VerdictFormat format : VerdictFormat.values()) {
      // When
      ParsedVerdict verdict = format.parse("<think>It says: " + quote);

      // Then
      assertThat(verdict).as(format.formatName()).isInstanceOf(ParsedVerdict.Unparseable.class);
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void shouldBeReadByEveryParserWithoutAnError(Attack attack) {
    for (VerdictFormat format : VerdictFormat.values()) {
      assertThat(format.parse(attack.on("17"))).as(format.formatName()).isNotNull();
    }
  }
}
