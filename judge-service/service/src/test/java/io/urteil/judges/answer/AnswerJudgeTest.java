package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.FinishReason;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.run.judge.RuleJudge.Compare;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerJudgeTest {

  private final AnswerJudge numbers = new AnswerJudge(Compare.NUMBER);
  private final AnswerJudge texts = new AnswerJudge(Compare.TEXT);
  private final AnswerJudge formulas = new AnswerJudge(Compare.MATH);
  private final AnswerJudge choices = new AnswerJudge(Compare.CHOICE);

  /**
   * Texts of a policy that has degenerated: the time must not grow with the square of the length.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        " ", "*", "$", "`", "\"", "'", ".", "\t", " .", "(", "{", "\\", "-", "1", "1 ", "#"
      })
  @Timeout(60)
  void shouldReadALongRunOfAnyCharacterInTheMiddle(String character) {
    // Given
    String answer = "1" + character.repeat(200_000 / character.length()) + "2";

    for (AnswerJudge judge : List.of(numbers, texts, formulas, choices)) {
      // When
      Finding finding = judge.judge(rollout("A: " + answer, "3"));

      // Then
      assertThat(finding).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so 3 * 6 = 18\\n#### 18 | 18",
        "A: 18 | 18",
        "A: 18.00 | 18",
        "A: $18 per day | 18",
        "A: 1,450,000 | 1450000",
        "A: 1450000 | '1,450,000'",
        "A: it costs 2,125, no more | 2125",
        "The answer is 18. | 18",
        "The final answer is: **18** dollars | 18",
        "**Answer:** 18 | 18",
        "Final answer: x = 18 | 18",
        "The answer is 3 * 6 = 18 | 18",
        "The answer is:\\n\\n18 | 18",
        "thus \\boxed{18} | 18",
        "thus $\\boxed{\\frac{1}{2}}$. | 0.5",
        "thus \\boxed{\\dfrac{7}{14}} | 1/2",
        "A: 1 1/2 cups | 1.5",
        "A: 3/4 | 0.75",
        "A: 50% | 50",
        "A: 50 % | 0.5",
        "A: 0.5 | 50%",
        "A: 50 percent | 50",
        "A: -$5 | -5",
        "A: $-5 | -5",
        "A: \u22125 degrees | -5",
        "A: 1.8 billion | 1800000000",
        "A: 1.2e3 | 1200",
        "A: .5 | 0.5",
        "A: 119.69999999999999 | 119.7",
        "She sells 9 eggs and so makes 18 dollars. | 18",
        "The answer is 17. No: the answer is 18 | 18",
        "#### 17\\n\\nWait. \\boxed{18} | 18",
        "A: 18 | 9 * 2 = <<9*2=18>>18\\nA: 18",
      })
  void shouldSayRightWhenTheNumbersAreEqual(String text, String reference) {
    // Given
    Rollout rollout = rollout(text, reference);

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(label(finding)).isEqualTo("right");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A: 17 | 18",
        "A: 18.5 | 18",
        "A: -18 | 18",
        "A: 1,450,001 | 1450000",
        "A: 18 thousand | 18",
        "A: 5% | 50",
        "18 is not it. A: 17 is, or so\\nA: 17 | 18",
        "A: 5-18 | 18",
        "A: 1/3 | 0.33",
      })
  void shouldSayWrongWhenTheNumbersDiffer(String text, String reference) {
    // Given
    Rollout rollout = rollout(text, reference);

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(label(finding)).isEqualTo("wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "I do not know.", "A: many", "\\boxed{}", "A: 1/0"})
  void shouldCallItUnparseableWhenThereIsNoFinalAnswer(String text) {
    // Given
    Rollout rollout = rollout(text, "18");

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(finding).isEqualTo(new Finding.Unparseable(text));
  }

  @Test
  void shouldNotTakeTheLastNumberWhenTheTextWasCutOff() {
    // Given
    Rollout rollout =
        TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, "So 3 * 6 = 18 and")
            .setReference("18")
            .setFinishReason(FinishReason.LENGTH)
            .build();

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(finding).isInstanceOf(Finding.Unparseable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none | reference: none (expected: the correct answer)",
        "many | reference: 'many' (expected: number)",
      })
  void shouldAbstainWhenTheReferenceIsNoAnswer(@Nullable String reference, String reason) {
    // Given
    Rollout rollout = rollout("A: 18", reference);

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(finding).isEqualTo(new Finding.Abstained(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The answer is Paris. | Paris | right",
        "\\boxed{paris} | Paris | right",
        "I think\\n#### **New   York** | new york | right",
        "Paris | Paris | right",
        "The answer is Rome | Paris | wrong",
      })
  void shouldCompareTextWhenTheRunSaysSo(String text, String reference, String label) {
    // Given
    Rollout rollout = rollout(text, reference);

    // When
    Finding finding = texts.judge(rollout);

    // Then
    assertThat(label(finding)).isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so \\boxed{2\\sqrt{3}} units. | \\sqrt{12} | right",
        "The answer is $\\frac{\\pi}{2}$. | \\pi/2 | right",
        "The answer is 5 | \\boxed{6} | wrong",
        "so it is 7 | 7 | right",
        "The answer is 18 dollars per day | 18 | right",
        "The answer is \\frac{1}{2} of a cup | 0.5 | right",
        "The answer is 7 or 8 | 7 | wrong",
        "The answer is 7, 8 and 9 | 7 | wrong",
        "The answer is Friday. | \\text{Friday} | right",
        "\\boxed{\\text{Monday}} | \\text{Friday} | wrong",
        "\\boxed{: } | 7 | none",
        "Thought process: | 7 | none",
      })
  void shouldCompareFormulasWhenTheRunSaysSo(String text, String reference, String label) {
    // Given
    Rollout rollout = rollout(text, reference);

    // When
    Finding finding = formulas.judge(rollout);

    // Then
    assertThat(String.valueOf(label(finding))).isEqualTo(label.equals("none") ? "null" : label);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The answer is (B). | B | right",
        "Answer: B) Paris | (B) | right",
        "\\boxed{\\text{B}} | B | right",
        "**Answer: b** | \\text{(B)} | right",
        "B | B | right",
        "The answer is option C | B | wrong",
        "The answer is A or B | B | none",
        "The answer is Paris | B | none",
        "Because of B I think | B | none",
        "The answer is B | Paris | none",
      })
  void shouldCompareLettersWhenTheRunSaysSo(String text, String reference, String label) {
    // Given
    Rollout rollout = rollout(text, reference);

    // When
    Finding finding = choices.judge(rollout);

    // Then
    assertThat(String.valueOf(label(finding))).isEqualTo(label.equals("none") ? "null" : label);
  }

  @Test
  void shouldHandOverTheAnswerAsItWasFound() {
    // Given
    Rollout rollout = rollout("so\n#### $1,200 in all", "1200");

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Scored.class, scored -> assertThat(scored.text()).isEqualTo("$1,200 in all"));
  }

  @Property
  void shouldReadBackAnyNumberWhenItStandsWithCommasAndUnits(
      @ForAll @BigRange(min = "-9999999999", max = "9999999999") BigDecimal number) {
    String written = "A: $%,.2f a day".formatted(number);
    String reference = "%.2f".formatted(number);
    assertThat(label(numbers.judge(rollout(written, reference)))).isEqualTo("right");
  }

  @Property
  void shouldNeverThrowWhenTheTextIsAnything(
      @ForAll("piecesOfAnswers") String text, @ForAll("piecesOfAnswers") String reference) {
    assertThat(numbers.judge(rollout(text, reference))).isNotNull();
    assertThat(texts.judge(rollout(text, reference))).isNotNull();
    assertThat(formulas.judge(rollout(text, reference))).isNotNull();
    assertThat(choices.judge(rollout(text, reference))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "111,", "1 1/", "\\boxed{", "A: ", "$-", "(", "1e9", "####"})
  void shouldComeToAnEndWhenTheTextIsHuge(String piece) {
    // Given
    Rollout rollout = rollout(piece.repeat(1_000_000 / piece.length()), "18");

    // When
    Finding finding = numbers.judge(rollout);

    // Then
    assertThat(finding).isNotNull();
    assertThat(formulas.judge(rollout)).isNotNull();
    assertThat(choices.judge(rollout)).isNotNull();
  }

  @Provide
  Arbitrary<String> piecesOfAnswers() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "####",
                "\\boxed{",
                "}",
                "A:",
                "\n",
                "the answer is",
                "1,000",
                "$",
                "%",
                "-",
                "/",
                "1",
                "0",
                ".",
                "\\frac{",
                "{",
                " ",
                "=",
                "e9",
                "e-999",
                "million"),
            Arbitraries.strings().ofMaxLength(4))
        .list()
        .ofMaxSize(12)
        .map(pieces -> pieces.stream().collect(Collectors.joining()));
  }

  private static Rollout rollout(String text, @Nullable String reference) {
    return TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, text.replace("\\n", "\n"))
        .setReference(reference == null ? null : reference.replace("\\n", "\n"))
        .build();
  }

  private static @Nullable String label(Finding finding) {
    return finding instanceof Finding.Scored scored ? scored.verdict().getLabel() : null;
  }
}
