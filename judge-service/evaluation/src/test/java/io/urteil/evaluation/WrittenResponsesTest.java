package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.WrittenResponse;
import io.urteil.evaluation.measure.WrittenResponse.Kind;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenResponsesTest {

  static {
    EventCodec.trustEvents();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "<think> abc </think>[[A]], 3",
        "'abc 🙂</think> [[A]]', 5",
        "<think></think>[[A]], 0",
        "<think>abc, none",
        "[[A]], none",
        "<think>a</think><think>b</think>, none"
      })
  void shouldMeasureTheThoughtOfATextThatClosesOne(String text, @Nullable Integer characters) {
    // When
    OptionalInt thought = WrittenResponses.thought(text);

    // Then
    assertThat(thought)
        .isEqualTo(characters == null ? OptionalInt.empty() : OptionalInt.of(characters));
  }

  @Test
  void shouldCountEachTextOnceUnderTheVerdictOfTheComparison() {
    // Given: a wrong and a cut-off vote, in the judgements of both candidates
    Vote wrong = vote(JudgementStatus.SCORED, "<think>ab</think>[[B]]", 9);
    Vote cutOff = vote(JudgementStatus.FAILED, "</think> was not written", 40);
    Map<Integer, Judgement> judgements =
        Map.of(
            0,
            judgement(0, List.of(wrong, cutOff)),
            1,
            judgement(1, List.of(vote(JudgementStatus.SCORED, null, 0))));

    // When
    List<WrittenResponse> responses =
        WrittenResponses.of(
            new Presentation(
                0, Comparison.pair("1", "q", "a", "b", Preference.A, "here"), CandidateOrder.AB),
            judgements);

    // Then
    assertThat(responses)
        .containsExactly(
            new WrittenResponse("here", Kind.WRONG, 9, 2),
            new WrittenResponse("here", Kind.WRONG, 40, null));
  }

  private static Vote vote(JudgementStatus status, @Nullable String text, int tokens) {
    return Vote.newBuilder()
        .setOrder("0,1")
        .setSample(0)
        .setStatus(status)
        .setText(text)
        .setCompletionTokens(tokens)
        .build();
  }

  private static Judgement judgement(int index, List<Vote> votes) {
    return JudgementSample.of(
        index, JudgementStatus.SCORED, Verdict.newBuilder().setPreference("B").build(), votes);
  }
}
