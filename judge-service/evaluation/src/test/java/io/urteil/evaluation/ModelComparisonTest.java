package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Verdict;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelComparisonTest {

  private final ModelComparison comparison =
      new ModelComparison(new DirectQuestion("2+2?", List.of("4", "5"), null), false);

  @Test
  void shouldAgreeIfAllModelsPreferTheSameAnswer() {
    // When
    add("x", 2, 1);
    add("y", 0.9, 0.1);

    // Then
    assertThat(comparison.report().agreement()).isEqualTo("agree");
    assertThat(printed()).endsWith("\nagree: all models preferred A\n");
  }

  @Test
  void shouldDifferIfOneModelPrefersAnotherAnswer() {
    // When
    add("x", 2, 1);
    add("y", 1, 2);
    add("z", 3, 3);

    // Then
    assertThat(comparison.report().models())
        .extracting(ModelComparisonReport.ComparedModel::decision)
        .containsExactly("A", "B", "tie");
    assertThat(printed()).endsWith("\ndiffer: x preferred A, y preferred B, z found a tie\n");
  }

  @Test
  void shouldBeUndecidedIfAModelFailed() {
    // When
    add("x", 2, 1);
    comparison.addFailed("y", "no such directory");

    // Then
    assertThat(comparison.report().agreement()).isEqualTo("undecided");
    assertThat(printed())
        .contains("failed: no such directory")
        .endsWith("\nundecided: x preferred A, y has no decision\n");
  }

  @Test
  void shouldKeepTheReasonOfAFailedJudge() {
    // When
    String error =
        comparison.add(
            "x",
            "scalar/1",
            null,
            List.of(scored(1), new Finding.Failed("too long", Evidence.NONE)),
            1);

    // Then
    assertThat(error).isEqualTo("too long");
    assertThat(comparison.report().models().getFirst().error()).isEqualTo("too long");
    assertThat(comparison.report().models().getFirst().result()).isNull();
  }

  private void add(String model, double... scores) {
    comparison.add(
        model,
        "scalar/1",
        null,
        Arrays.stream(scores).mapToObj(ModelComparisonTest::scored).toList(),
        0.25);
  }

  private static Finding scored(double score) {
    return new Finding.Scored(Verdict.newBuilder().setScores(List.of(score)).build(), null);
  }

  private String printed() {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      comparison.print(120, out);
    }
    return text.toString().replace("\r\n", "\n");
  }
}
