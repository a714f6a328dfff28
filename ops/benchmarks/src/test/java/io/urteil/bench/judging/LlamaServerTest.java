package io.urteil.bench.judging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaServerTest {

  private final Path directory;

  LlamaServerTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldNameAProgramThatCannotBeStarted() throws IOException {
    // Given
    Path text = Files.writeString(directory.resolve("server"), "not a program");

    // When / Then
    assertThatThrownBy(() -> start(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--llama-server: %s is not executable (expected: llama.cpp's program llama-server)"
                .formatted(text));
  }

  @Test
  void shouldQuoteTheLastLinesOfAServerThatEndsBeforeItIsReady() throws IOException {
    // Given
    Path program =
        Files.writeString(
            directory.resolve("server"), "#!/bin/sh\necho \"failed to load model '$2'\"\nexit 1\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

    // When / Then
    assertThatThrownBy(() -> start(program))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("is not ready", "failed to load model 'model.gguf'");
  }

  private void start(Path program) throws IOException, InterruptedException {
    LlamaServer.start(program, Path.of("model.gguf"), 1, 2, 64, directory.resolve("log")).close();
  }
}
