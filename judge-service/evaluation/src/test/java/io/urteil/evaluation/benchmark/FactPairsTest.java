package io.urteil.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test that a benchmark needs; the example of extend/benchmark.md. */
class FactPairsTest {

  @Test
  void shouldReadRowsAndNameInvalidOnes(@TempDir Path directory) throws IOException {
    // Given
    Path good =
        Files.writeString(
            directory.resolve("good.jsonl"),
            "{\"id\": 1, \"question\": \"Capital of Peru?\", \"true\": \"Lima\", \"false\": \"Cusco\"}\n");
    Path bad = Files.writeString(directory.resolve("bad.jsonl"), "{\"id\": 1, \"question\": 7}\n");

    // Then
    assertThat(FactPairs.BENCHMARK.read(FactPairs.BENCHMARK.files(List.of(good))))
        .containsExactly(
            Comparison.pair("1", "Capital of Peru?", "Lima", "Cusco", Preference.A, "all"));
    assertThatThrownBy(() -> FactPairs.BENCHMARK.read(FactPairs.BENCHMARK.files(List.of(bad))))
        .hasMessageContaining("line 1: question: 7 (expected: a text)");
  }
}
