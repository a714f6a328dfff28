package io.urteil.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.bench.engine.EngineBench.Llama;
import io.urteil.bench.engine.EngineBench.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchTest {

  private static final BenchModel TINY = new BenchModel("tiny", 64, 1, 4, 2, 16, 96, 256);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  private Path directory;

  @Test
  void shouldSayWhatIsMissingBeforeAnythingIsMeasured() throws Exception {
    Path bench = program("llama-bench", "[]");
    Llama alone = new Llama(bench, directory.resolve("none.gguf"), Optional.empty());

    assertThatThrownBy(
            () ->
                new EngineBench(new Settings(1, 1, directory, Optional.of(alone)), TINY)
                    .run(line -> {}))
        .hasMessageContaining("llama-batched-bench: cannot be run (expected: llama-bench and");
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
