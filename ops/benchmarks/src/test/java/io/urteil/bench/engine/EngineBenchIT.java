package io.urteil.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.bench.engine.EngineBench.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark runs; how fast anything is is not asserted, since it depends on the machine. */
@Tag("long")
class EngineBenchIT {

  private static final BenchSize SMALL =
      new BenchSize(
          new BenchModel("tiny", 64, 2, 4, 2, 16, 96, 4096),
          8,
          96,
          32,
          128,
          2,
          new HardwareLimits.Size(1 << 16, 20, 2));

  @SuppressWarnings("NullAway.Init")
  @TempDir
  private Path directory;

  @Test
  void shouldMeasureEveryFigureOfAModelThatIsSoonThrough() throws Exception {
    // Given
    List<String> lines = new ArrayList<>();
    EngineBench bench = new EngineBench(new Settings(2, 2, directory, Optional.empty()), SMALL);

    // When
    EngineReport report = bench.run(lines::add);

    // Then
    Map<String, Object> figures =
        new ObjectMapper().convertValue(report, new TypeReference<Map<String, Object>>() {});
    figures.remove("llamaCpp");
    figures.remove("ratios");
    assertThat(figures).hasSize(29);
    figures.forEach(
        (name, found) ->
            assertThat(((Number) found).doubleValue()).as(name).isPositive().isFinite());
    assertThat(report.llamaCpp()).isEmpty();
    assertThat(report.ratios()).isEmpty();
    assertThat(lines).contains("without llama.cpp (no --llama-bench)");
    assertThat(lines).anyMatch(line -> line.startsWith("round 2 of 2: batch 1 "));
    assertThat(report.markdown()).contains("llama.cpp was not measured");
  }
}
