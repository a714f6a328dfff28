package io.urteil.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.benchmark.Benchmark;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code ops/docs/evaluation.md} against the benchmarks in code. */
class EvaluationDocumentationTest {

  @Test
  void shouldListEveryBenchmarkWithTheOrdersItIsJudgedIn() throws IOException {
    // When
    DocumentationPage.Table table =
        DocumentationPage.read("ops/docs/evaluation.md").table("Benchmarks");

    // Then
    assertThat(
            table.rows().stream()
                .map(row -> List.of(DocumentationPage.code(row.get(0)), row.get(2))))
        .containsExactlyElementsOf(
            Benchmark.all().stream()
                .map(
                    benchmark ->
                        List.of(
                            benchmark.name(), benchmark.orders().name().toLowerCase(Locale.ROOT)))
                .toList());
    assertThat(table.column(3)).doesNotContain("");
  }
}
