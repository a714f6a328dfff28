package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictFormatTest {

  @ParameterizedTest
  @CsvSource({"7,3,A", "3,7,B", "5,5,TIE", "1,9,B"})
  void shouldPreferTheHigherScoreWhenTheVerdictIsInGoodForm(int a, int b, Preference preferred) {
    // Given
    String text = "<think>439+496=935\nB is right</think><answer>%d,%d</answer>".formatted(a, b);

    // When
    ParsedVerdict verdict = VerdictFormat.THINK_ANSWER_SCORES.parse(text);

    // Then
    assertThat(verdict).isEqualTo(new Pairwise(List.of((double) a, (double) b), preferred));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<think></think>",
        "<think>a</think><answer>0,3</answer>",
        "<think>a</think><answer>10,3</answer>",
        "<think>a</think><answer>7, 3 </answer> so",
        "<think>a</think><answer>7,3,</answer>",
        "<think>a</think><answer>7,3</answer><answer>3,7</answer>",
        "<think><answer>7,3</answer></think>",
        "<think><answer>7,3</answer>",
        "a<think>a</think><answer>7,3</answer>",
        "<think>a</think></think><answer>7,3</answer>",
        "<think>a<answer>9,1</answer></think><answer>7,3</answer>",
      })
  void shouldRefuseThinkAnswerScoresWhenTheFormIsBroken(String text) {
    // Given
    VerdictFormat format = VerdictFormat.named("think-answer-scores");

    // When
    ParsedVerdict verdict = format.parse(text);

    // Then
    assertThat(verdict).isInstanceOf(Unparseable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<think>a</think><answer>7, 3</answer>",
        "<think>a</think>\n<answer> 7,3 </answer> \n",
      })
  void shouldReadThinkAnswerScoresWhateverTheWhiteSpace(String text) {
    assertThat(VerdictFormat.THINK_ANSWER_SCORES.parse(text)).isEqualTo(Pairwise.of(7, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<think>long\nthought</think><answer>3</answer><answer>10</answer>",
        "thought whose tag stands in the prompt</think>\n<answer> 3 </answer>\n<answer>10</answer>\n",
        "<think></think><answer>3</answer><answer>10</answer>",
      })
  void shouldReadJudgeLrmScoresWhenTagsStandInOrder(String text) {
    // Given
    VerdictFormat format = VerdictFormat.named("judgelrm-scores");

    // When
    ParsedVerdict verdict = format.parse(text);

    // Then
    assertThat(verdict).isEqualTo(new Pairwise(List.of(3.0, 10.0), Preference.B));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<think>a<answer>3</answer><answer>5</answer>",
        "<think>a<answer>3</answer><answer>5</answer></think>",
        "<think>a<answer>9</answer><answer>1</answer></think><answer>3</answer><answer>5</answer>",
        "<think>a</think><answer>3</answer>",
        "<think>a</think><answer>3</answer><answer>5</answer><answer>6</answer>",
        "<think>a</think><answer>3</answer>so<answer>5</answer>",
        "<think>a</think><answer>3</answer><answer>5</answer> I am sure",
        "<think>a</think><answer>0</answer><answer>5</answer>",
        "<think>a</think><answer>3</answer><answer>11</answer>",
        "<think>a</think><answer>3.5</answer><answer>5</answer>",
        "<think>a</think><answer>3</answer><answer></answer>",
        "<think>a</think><answer></answer>",
        "<think>a</think><answer></answer><answer>",
        "<think>a<think>b</think><answer>3</answer><answer>5</answer>",
        "<think>a</think></think><answer>3</answer><answer>5</answer>",
      })
  void shouldRefuseJudgeLrmScoresWhenTheFormIsBroken(String text) {
    // Given
    VerdictFormat format = VerdictFormat.named("judgelrm-scores");

    // When
    ParsedVerdict verdict = format.parse(text);

    // Then
    assertThat(verdict).isInstanceOf(Unparseable.class);
  }

  @Test
  void shouldNameTheKnownFormatsWhenOneIsUnknown() {
    assertThatThrownBy(() -> VerdictFormat.named("boxed"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "verdict format: 'boxed' (expected: one of think-answer-scores, judgelrm-scores, ");
  }

  @Test
  void shouldQuoteTheEndOfTheTextWhenItCannotBeRead() {
    // Given
    String text = "x".repeat(100_000) + "\nso 7 to 3";

    // When
    ParsedVerdict verdict = VerdictFormat.THINK_ANSWER_SCORES.parse(text);

    // Then
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Unparseable.class,
            unparseable ->
                assertThat(unparseable.reason())
                    .startsWith("'…xxx")
                    .contains("x\\nso 7 to 3' (expected: ")
                    .hasSizeLessThan(200));
  }

  @Property
  void shouldNeverThrowWhenTheTextIsAnything(
      @ForAll("piecesOfVerdicts") String text, @ForAll VerdictFormat format) {
    assertThat(format.parse(text)).isNotNull();
  }

  @Property
  void shouldReadBackWhatWasWrittenWhenTheThoughtHoldsNoTag(
      @ForAll("thoughts") String thought,
      @ForAll @IntRange(min = 1, max = 9) int a,
      @ForAll @IntRange(min = 1, max = 9) int b) {
    Pairwise expected = Pairwise.of(a, b);
    assertThat(
            VerdictFormat.THINK_ANSWER_SCORES.parse(
                "<think>%s</think><answer>%d,%d</answer>".formatted(thought, a, b)))
        .isEqualTo(expected);
    assertThat(
            VerdictFormat.JUDGELRM_SCORES.parse(
                "<think>%s</think><answer>%d</answer><answer>%d</answer>".formatted(thought, a, b)))
        .isEqualTo(expected);
  }

  @Property
  void shouldHoldTheScoresOfTheAnswerWhenPiecesAreShuffled(
      @ForAll("piecesOfVerdicts") String text) {
    ParsedVerdict verdict = VerdictFormat.JUDGELRM_SCORES.parse(text);
    if (verdict instanceof Pairwise(List<Double> scores, Preference preference)) {
      String afterThought = text.substring(text.lastIndexOf("</think>") + "</think>".length());
      assertThat(withoutWhiteSpace(afterThought))
          .isEqualTo(
              "<answer>%.0f</answer><answer>%.0f</answer>".formatted(scores.get(0), scores.get(1)));
      assertThat(preference).isEqualTo(Preference.of(scores.get(0), scores.get(1)));
    }
  }

  /** White space as the parser sees it, beyond ASCII too. */
  private static String withoutWhiteSpace(String text) {
    return text.codePoints()
        .filter(point -> !Character.isWhitespace(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Provide
  Arbitrary<String> thoughts() {
    return Arbitraries.strings().filter(text -> !text.contains("<"));
  }

  @Provide
  Arbitrary<String> piecesOfVerdicts() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "<think>",
                "</think>",
                "<answer>",
                "</answer>",
                "3",
                "10",
                "7,3",
                ",",
                "0",
                " ",
                "\n",
                "<",
                "</think><answer>3</answer><answer>5</answer>"),
            Arbitraries.strings().ofMaxLength(5))
        .list()
        .ofMaxSize(12)
        .map(pieces -> pieces.stream().collect(Collectors.joining()));
  }
}
