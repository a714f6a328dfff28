package io.urteil.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.bench.engine.EngineBench.Llama;
import io.urteil.bench.engine.EngineBench.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchTest {

  private static final Map<String, Double> AS_FAST = Map.of("batch1", 1.0, "prefill", 1.49);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  private Path directory;

  @Test
  void shouldSayWhatIsMissingBeforeAnythingIsMeasured() throws Exception {
    Path bench = program("llama-bench", "[]");
    Llama alone = new Llama(bench, directory.resolve("none.gguf"), Optional.empty());

    assertThatThrownBy(
            () ->
                new EngineBench(new Settings(1, 1, directory, Optional.of(alone))).run(line -> {}))
        .hasMessageContaining("llama-batched-bench: not executable (expected: llama-bench and");
  }

  @Test
  void shouldSaySomethingOfEachTargetThatIsMissedAndOfNoOther() {
    // Given
    EngineReport good = report(0.72, 1, 20, AS_FAST);
    EngineReport bad = report(0.6, 1.01, Double.NaN, Map.of());

    // When / Then
    assertThat(good.missed())
        .containsExactly("prefill, ratio to llama.cpp: 1.49 (target: at least 1.50)");
    assertThat(bad.missed())
        .containsExactly(
            "batch 1, share of the memory bandwidth: 0.60 (target: at least 0.72)",
            "overhead per step in ms, batch 32: 1.01 (target: at most 1.00)",
            "overhead per step in µs, demo's model: NaN (target: at most 20.00)");
    assertThat(good.markdown())
        .contains("| batch 1 | 1.0 | 1.0 | 72 % of 1.0 GB/s | 1.0 | 1.00 | 0.90 of llama.cpp, 72 %")
        .contains("| overhead per step, batch 32, ms | 1.00 | at most 1 |")
        .contains("- prefill, ratio to llama.cpp: 1.49");
    assertThat(bad.markdown()).contains("llama.cpp was not measured");
  }

  private static EngineReport report(
      double share, double own, double demoOwn, Map<String, Double> ratios) {
    return new EngineReport(
        2,
        3,
        new EngineReport.Machine(1, 1),
        new EngineReport.Speeds(1, 1, 1, 1),
        new EngineReport.Shares(share, 1),
        new EngineReport.Bare(1, 1, 1, 1),
        new EngineReport.Delays(1, 1, own),
        new EngineReport.Demo(30_000, demoOwn),
        new EngineReport.Int8(
            new EngineReport.Int8Speeds(1, 1, 1, 1),
            new EngineReport.Int8Bare(1, 1, 1, 1),
            new EngineReport.Int8Delays(1, 1)),
        ratios,
        ratios);
  }

  /** A program that notes its arguments and prints this. */
  private Path program(String name, String output) throws Exception {
    Path program =
        Files.writeString(
            directory.resolve(name),
            "#!/bin/sh\necho \"$@\" >> '%s'\necho '%s'\n"
                .formatted(directory.resolve("calls"), output));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }
}
