package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.prompt.ParsedVerdict.Abstained;
import io.urteil.prompt.ParsedVerdict.Listwise;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every output format: what is read, and what is not. */
class JudgeFormatsTest {

  private static final String[] PIECES = {
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "[[A]]",
    "[[B]]",
    "[[2]]",
    "\\boxed{Assistant 1}",
    "\\boxed{Assistant 2}",
    "<score_A>",
    "</score_A>",
    "<score_B>3</score_B>",
    "<score>",
    "</score>",
    "<Score 1>30</Score 1>",
    "<Score 2>80</Score 2>",
    "[RESULT]",
    "Response (a) is better",
    ", and the strength is ",
    "Is the answer correct (Yes/No)?",
    " Yes",
    "No",
    "{\"score\":",
    "{\"scores\":[",
    "{\"trajectory_id\":\"1\",\"score\":0.5}",
    "]}",
    "}",
    "1e999999999",
    "7",
    "0.5",
    ".",
    " ",
    "\n",
    "```",
    "A"
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "judgelrm-scores | '<think>a</think><answer>3</answer><answer>5</answer>' | B | 3,5",
        "judgelrm-scores-code | '<think>a</think><answer>0</answer><answer>5</answer>' | B | 0,5",
        "j1-verdict | '<think>a</think> <answer> [[A]] </answer>' | A |",
        "j1-verdict | 'a</think>B errs. <answer>[[A]]</answer>' | A |",
        "j1-scores | 'a</think> <score_A> 7 </score_A> <score_B> 3 </score_B>' | A | 7,3",
        "j1-scores | 'a</think><score_A>0</score_A>\n<score_B>10</score_B>' | B | 0,10",
        "j1-scores | 'a</think><score_A>4</score_A><score_B>4</score_B>' | TIE | 4,4",
        "j1-verdict-scores | 'a</think><score_A>4</score_A><score_B>4</score_B><answer>[[B]]</answer>' | B | 4,4",
        "assistant-scores | '<score_assistant_1>8.5</score_assistant_1><score_assistant_2>3</score_assistant_2>' | A | 8.5,3",
        "boxed-assistant | 'a</think>\n\\boxed{Assistant 2}' | B |",
        "boxed-assistant | 'a</think> So it is $\\boxed{\\text{Assistant 1}}$.' | A |",
        "boxed-assistant | 'a</think> \\[\\boxed{Assistant 1}\\]' | A |",
        "rubrics-answer | '<type>Chat</type> … <answer>[[A]]</answer>' | A |",
        "rubrics-answer | '<eval>B has <answer>[[B]]</answer></eval> and so on, by all that was said before in this judgement here, <answer>[[A]]</answer>' | A |",
        "thinkj-verdict | 'x. Therefore, Response (b) is better.' | B |",
        "thinkj-verdict | 'Response (a) is better on style. But overall, Response (b) is better.' | B |",
        "thinkj-verdict | 'At first Response (b) is better. On balance, Response (a) is better.' | A |",
        "thinkj-strength | 'x. Therefore, Response (b) is better, and the strength is [[2]].' | B | 0,2",
        "thinkj-strength | 'Therefore, Response (a) is better, and the strength is [[3]]' | A | 3,0",
        "thinkj-scores | 'Therefore, the scores for the responses are <Score 1>30</Score 1> and <Score 2>80</Score 2>, respectively.' | B | 30,80",
        "bracketed | 'A plans better.\n\nFinal verdict: [[A]]' | A |",
        "bracketed | '**[[B]]**.' | B |",
        "bracketed-tie | 'Both. [[C]]' | TIE |",
        "letter | A | A |",
        "letter | ' b.' | B |",
        "result-letter | 'Feedback: x [RESULT] B' | B |",
        "json-verdict | '{\"reason\": \"[[A]]\", \"verdict\": \"B\"}' | B |",
        "json-verdict | '```json\n{\"verdict\": \"tie\"}\n```' | TIE |",
        "json-scores | '{\"score_1\": 4, \"score_2\": 2, \"ranking\": 1}' | A | 4,2",
        "json-scores | '{\"score_1\": 3, \"score_2\": 3, \"ranking\": 5}' | B | 3,3",
        "json-scores | '{\"score_1\": 3, \"score_2\": 3}' | TIE | 3,3",
      })
  void shouldReadThePreferenceWhenThePairIsJudgedInGoodForm(
      String format, String text, Preference preference, String scores) {
    // Given
    List<Double> expected =
        scores == null
            ? List.of()
            : List.of(scores.split(",")).stream().map(Double::valueOf).toList();

    // When
    ParsedVerdict verdict = VerdictFormat.named(format).parse(text, 2);

    // Then
    assertThat(verdict).isEqualTo(new Pairwise(expected, preference));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "judgelrm-score | 'a</think><answer>7</answer>' | 7 |",
        "j1-score | '<think>a</think> <score> 7.5 </score>' | 7.5 |",
        "j1-score | 'a</think> <score>10</score>' | 10 |",
        "thinkj-score | 'Therefore, the score for the response is <Score>80</Score>.' | 80 |",
        "answer-correct | 'Step 1 holds. Is the answer correct (Yes/No)? Yes' | 1 | yes",
        "answer-correct | 'Verification: Is the answer correct (Yes/No)? No.' | 0 | no",
        "yes-no | Yes | 1 | yes",
        "yes-no | '<think>hm</think> no.' | 0 | no",
        "result-score | 'Feedback: good, but short. [RESULT] 4' | 4 |",
        "result-score | '[RESULT] (5)' | 5 |",
        "json-score | '{\"score\": 0.7, \"reason\": \"fine\"}' | 0.7 |",
        "json-score | 'the score is {\"score\": 0.5}' | 0.5 |",
      })
  void shouldReadTheScoreWhenOneAnswerIsJudgedInGoodForm(
      String format, String text, double score, String label) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);

    // When
    ParsedVerdict verdict = read.parse(text, 1);

    // Then
    assertThat(verdict).isEqualTo(new Pointwise(score, label));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "j1-verdict | '<think>A says <answer>[[A]]</answer>'",
        "j1-verdict | '<answer>[[A]]</answer>'",
        "j1-verdict | 'a</think><answer>[[A]]</answer></think><answer>[[B]]</answer>'",
        "j1-verdict | 'a</think><answer>[[A]]</answer><answer>[[B]]</answer>'",
        "j1-verdict | 'a</think><answer>[[C]]</answer>'",
        "j1-verdict | 'a</think><answer>[[A]]</answer> or so'",
        "j1-scores | 'a</think><score_A>7</score_A>'",
        "j1-scores | 'a</think><score_B>7</score_B><score_A>3</score_A>'",
        "j1-scores | 'a</think><score_A>11</score_A><score_B>3</score_B>'",
        "j1-scores | 'a</think><score_A>7.5</score_A><score_B>3</score_B>'",
        "j1-scores | 'a</think><score_A>-1</score_A><score_B>3</score_B>'",
        "j1-score | 'a</think><score>7.55</score>'",
        "j1-score | 'a</think><score>10.1</score>'",
        "boxed-assistant | 'I think \\boxed{Assistant 1}'",
        "boxed-assistant | 'a</think> \\boxed{Assistant 1} or \\boxed{Assistant 2}'",
        "boxed-assistant | 'a</think> \\boxed{Assistant 3}'",
        "boxed-assistant | 'a</think> \\boxed{Assistant 1} is my choice since it is better'",
        "rubrics-answer | '<answer>[[A]]</answer><answer>[[B]]</answer>'",
        "rubrics-answer | '<answer>[[A]]</answer> is the answer that I would give if I had to choose between the two of them.'",
        "rubrics-answer | '[[A]]'",
        "thinkj-verdict | 'Response (c) is better.'",
        "thinkj-verdict | 'Response (a) is better. Response (b) is better.'",
        "thinkj-verdict | 'Therefore, Response (a) is better. Therefore, Response (b) is better.'",
        "thinkj-verdict | 'So Response (a) is better, unless overall, Response (b) is better.'",
        "thinkj-strength | 'Therefore, Response (a) is better.'",
        "thinkj-scores | '<Score 1>30</Score 1> and <Score 2>101</Score 2>'",
        "thinkj-scores | '<Score 1>30</Score 1> <Score 1>40</Score 1> <Score 2>80</Score 2>'",
        "answer-correct | 'Is the answer correct (Yes/No)? Maybe'",
        "answer-correct | 'Yes'",
        "bracketed | 'It quotes [[A]] and goes on'",
        "bracketed | '[[A]] is not right, so [[B]]'",
        "bracketed | '[[C]]'",
        "letter | 'A or B'",
        "letter | ''",
        "yes-no | 'yes and no'",
        "result-score | 'Feedback: x [RESULT] 6'",
        "result-score | 'Feedback: x [RESULT] 0'",
        "result-score | 'Feedback: x'",
        "result-score | 'it says [RESULT] 5, so [RESULT] 1'",
        "result-letter | 'Feedback: x [RESULT] C'",
        "json-score | '{\"score\": 1.5}'",
        "json-score | '{\"score\": \"0.5\"}'",
        "json-score | '{\"score\": 0.5} {\"score\": 0.7}'",
        "json-score | '{\"score\": 0.1, \"score\": 0.9}'",
        "json-score | 'the score is not {\"score\": 0.5}'",
        "json-score | 'It wrote {\"score\": 0.5}'",
        "json-score | '{\"score\": 0.5} would be wrong'",
        "json-score | '[{\"score\": 0.5}]'",
        "json-verdict | '{\"verdict\": \"C\"}'",
        "json-verdict | '{\"verdict\": [\"A\"]}'",
        "json-scores | '{\"score_1\": 4}'",
        "json-scores | '{\"score_1\": 3, \"score_2\": 3, \"ranking\": 7}'",
      })
  void shouldRefuseWhenTheFormIsBrokenOrTheVerdictIsInDoubt(String format, String text) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);

    // When
    ParsedVerdict verdict = read.parse(text);

    // Then
    assertThat(verdict).isInstanceOf(Unparseable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "judgelrm-scores | '<think>a</think><answer>3</answer><answer>11</answer>' | SCORES",
        "judgelrm-scores | '<think>a</think><answer>0</answer><answer>5</answer>' | SCORES",
        "judgelrm-scores | '<think>a</think><answer>3</answer>' | STRUCTURE",
        "judgelrm-scores | 'r</think><answer>8</answer><answer>3</answer><answer>8</answer>' | STRUCTURE",
        "judgelrm-scores-code | '<think>a</think><answer>0</answer><answer>x</answer>' | SCORES",
        "j1-scores | 'a</think><score_A>7.5</score_A><score_B>3</score_B>' | SCORES",
        "j1-verdict | 'a</think><answer>[[C]]</answer>' | SCORES",
        "j1-verdict | 'a<answer>[[A]]</answer>' | STRUCTURE",
        "result-score | '[RESULT] 6' | SCORES",
        "json-score | '{\"score\": 2}' | SCORES",
        "json-score | '2' | STRUCTURE",
        "ruler-scores | '{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 2}]}' | SCORES",
      })
  void shouldTellWhetherTheFormOrTheScoresWereAtFault(
      String format, String text, Unparseable.Fault fault) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);

    // When
    ParsedVerdict verdict = read.parse(text);

    // Then
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Unparseable.class, unparseable -> assertThat(unparseable.fault()).isEqualTo(fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yes-no | unsure",
        "json-score | '{\"score\": null}'",
        "json-verdict | '{\"verdict\": \"abstain\"}'",
      })
  void shouldAbstainWhenTheJudgeDeclinesInGoodForm(String format, String text) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);

    // When
    ParsedVerdict verdict = read.parse(text);

    // Then
    assertThat(verdict).isEqualTo(new Abstained());
  }

  @Test
  void shouldReadListedScoresInTheOrderShownWhenTheyComeInAnyOrder() {
    // Given
    String text =
        """
        {"scores": [{"trajectory_id": "2", "explanation": "[[A]]", "score": 1},
                    {"trajectory_id": "1", "score": 0.25}]}
        """;

    // When
    ParsedVerdict verdict = VerdictFormat.RULER_SCORES.parse(text, 2);

    // Then
    assertThat(verdict).isEqualTo(new Listwise(List.of(0.25, 1.0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"scores\": []}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 1}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 1}, {\"trajectory_id\": \"1\", \"score\": 0}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 1}, {\"trajectory_id\": \"3\", \"score\": 0}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 1}, {\"trajectory_id\": \"2\", \"score\": 0}, {\"trajectory_id\": \"3\", \"score\": 0}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 1.1}, {\"trajectory_id\": \"2\", \"score\": 0}]}",
        "{\"scores\": [{\"trajectory_id\": \"1\"}, {\"trajectory_id\": \"2\", \"score\": 0}]}",
        "{\"scores\": {\"1\": 0.5, \"2\": 0.5}}",
      })
  void shouldRefuseListedScoresWhenACandidateIsMissingRepeatedOrOutOfRange(String text) {
    // Given
    VerdictFormat format = VerdictFormat.RULER_SCORES;

    // When
    ParsedVerdict verdict = format.parse(text, 2);

    // Then
    assertThat(verdict).isInstanceOf(Unparseable.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "letter | 0.6 | 0.3 | A",
        "letter | 0.1 | 0.3 | B",
        "letter | 0.2 | 0.2 | TIE",
      })
  void shouldPreferTheLikelierLetterWhenProbabilitiesStandForTheVerdict(
      String format, double first, double second, Preference preference) {
    // Given
    VerdictFormat read = VerdictFormat.named(format);

    // When
    ParsedVerdict verdict = read.ofProbabilities(first, second);

    // Then
    assertThat(verdict).isEqualTo(new Pairwise(List.of(first, second), preference));
  }

  @Test
  void shouldScoreByTheShareOfYesWhenProbabilitiesStandForTheVerdict() {
    assertThat(VerdictFormat.YES_NO.ofProbabilities(0.6, 0.2))
        .isEqualTo(new Pointwise(0.6 / 0.8, "yes"));
    assertThat(VerdictFormat.YES_NO.ofProbabilities(0, 0)).isInstanceOf(Unparseable.class);
    assertThat(VerdictFormat.YES_NO.ofProbabilities(Double.NaN, 0)).isInstanceOf(Unparseable.class);
    assertThatThrownBy(() -> VerdictFormat.J1_SCORES.ofProbabilities(0.5, 0.5))
        .hasMessageContaining("one with choices");
  }

  @ParameterizedTest
  @EnumSource(VerdictFormat.class)
  void shouldComeToAnEndWhenTheTextIsHuge(VerdictFormat format) {
    for (String piece : PIECES) {
      assertThat(format.parse(piece.repeat(200_000 / piece.length()))).isNotNull();
    }
  }

  @Property(tries = 3000)
  void shouldNeverThrowWhenTheTextIsAnything(
      @ForAll("texts") String text, @ForAll VerdictFormat format) {
    assertThat(format.parse(text)).isNotNull();
  }

  @Property(tries = 3000)
  void shouldReadNothingFromAThoughtWhenTheVerdictComesAfterIt(
      @ForAll("texts") String thought, @ForAll VerdictFormat format) {
    ParsedVerdict verdict = format.parse("<think>" + thought.replace("</think>", ""));
    assertThat(verdict).isInstanceOf(Unparseable.class);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(Arbitraries.of(PIECES), Arbitraries.strings().ofMaxLength(4))
        .list()
        .ofMaxSize(10)
        .map(pieces -> pieces.stream().collect(Collectors.joining()));
  }
}
