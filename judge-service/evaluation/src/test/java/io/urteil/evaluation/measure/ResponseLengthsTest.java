package io.urteil.evaluation.measure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.evaluation.measure.ResponseLengths.Lengths;
import io.urteil.evaluation.measure.WrittenResponse.Kind;
import io.urteil.event.JudgementStatus;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors are made by ops/python/golden. */
class ResponseLengthsTest {

  static List<JsonNode> lengths() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(ResponseLengthsTest.class.getResourceAsStream("/golden/votes.json"))
        .path("lengths")
        .forEach(vectors::add);
    assertThat(vectors).isNotEmpty();
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldGiveMeanMedianAndPercentile(JsonNode golden) {
    // Given
    List<WrittenResponse> responses = new ArrayList<>();
    golden
        .path("numbers")
        .forEach(
            number -> responses.add(new WrittenResponse("s", Kind.NONE, number.asInt(), null)));

    // When
    ResponseLengths lengths = requireNonNull(ResponseLengths.of(responses), "lengths");

    // Then
    assertThat(lengths.all().responses()).isEqualTo(responses.size());
    assertThat(lengths.all().tokensMean()).isCloseTo(golden.path("mean").asDouble(), within(1e-9));
    assertThat(lengths.all().tokensMedian()).isEqualTo(golden.path("median").asDouble());
    assertThat(lengths.all().tokensP90()).isCloseTo(golden.path("p90").asDouble(), within(1e-9));
    assertThat(lengths.all().thoughtCharactersMean()).isNull();
    assertThat(lengths.right()).isNull();
  }

  @Test
  void shouldHaveTheLengthsAndScoresOfEachSource() {
    // Given
    List<JudgedComparison> outcomes =
        List.of(
            judged("1", Preference.A, ComparisonVerdict.of(Preference.A), "x"),
            judged("2", Preference.B, ComparisonVerdict.of(Preference.A), "x"),
            judged("3", Preference.B, ComparisonVerdict.of(Preference.B), "y"),
            judged(
                "4", Preference.B, ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2), "y"));
    List<WrittenResponse> responses =
        List.of(
            new WrittenResponse("x", Kind.RIGHT, 10, 4),
            new WrittenResponse("x", Kind.WRONG, 30, 8),
            new WrittenResponse("y", Kind.RIGHT, 20, null),
            new WrittenResponse("y", Kind.NONE, 60, null));

    // When
    EvaluationResult result =
        EvaluationResult.of(outcomes, new PairMeasure(PairMeasure.By.EXACT, false), 1)
            .with(responses, List.of());

    // Then
    ResponseLengths all = requireNonNull(result.lengths(), "lengths");
    EvaluationResult.Slice x = requireNonNull(result.slices().get("x"), "x");
    EvaluationResult.Slice y = requireNonNull(result.slices().get("y"), "y");
    assertThat(all.all().responses()).isEqualTo(4);
    assertThat(all.right()).isEqualTo(new Lengths(2, 15, 15, 19, 4.0, 4.0, 4.0));
    assertThat(all.wrong()).isEqualTo(new Lengths(1, 30, 30, 30, 8.0, 8.0, 8.0));
    assertThat(requireNonNull(x.lengths(), "x").all())
        .isEqualTo(new Lengths(2, 20, 20, 28, 6.0, 6.0, 7.6));
    assertThat(requireNonNull(y.lengths(), "y").wrong()).isNull();
    assertThat(x.macroPrecision()).isEqualTo(0.25);
    assertThat(x.macroRecall()).isEqualTo(0.5);
    assertThat(x.macroF1()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(y.macroF1()).isCloseTo(2 / 3.0, within(1e-12));
  }

  private static JudgedComparison judged(
      String id, Preference label, ComparisonVerdict verdict, String source) {
    return JudgedComparison.given(Comparison.pair(id, "q", "a", "b", label, source), verdict);
  }
}
