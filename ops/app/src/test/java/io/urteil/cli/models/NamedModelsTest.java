package io.urteil.cli.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.local.hub.StubHub;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedModelsTest {

  private final Path directory;
  private final StubHub hub = new StubHub();
  private final StringWriter errors = new StringWriter();
  private final NamedModels models;

  NamedModelsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    SeedJudge.copyTo(directory.resolve("model"));
    hub.with(directory.resolve("model"));
    models = new NamedModels(hub.settings(directory.resolve("hub")), new PrintWriter(errors, true));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void shouldDownloadTheModelOfAnOptionOnceAndAnnounceIt() throws IOException {
    // When
    Path first = models.directory("--model", Path.of("org/tiny"));
    int requests = hub.requests().size();
    Path second = models.directory("--model", Path.of("org/tiny"));

    // Then
    assertThat(second).isEqualTo(first).isDirectory();
    assertThat(hub.requests()).hasSize(requests);
    assertThat(errors.toString().lines().toList())
        .first()
        .isEqualTo(
            "urteil: no directory 'org/tiny' and no such model in the cache; downloading org/tiny from "
                + hub.endpoint());
  }

  @Test
  void shouldTakeADirectoryAsItIs() throws IOException {
    assertThat(models.directory("--model", directory.resolve("model")))
        .isEqualTo(directory.resolve("model"));
    assertThat(models.directory("--model", Path.of("src/main"))).isEqualTo(Path.of("src/main"));
    assertThat(models.directory("--model", Path.of("./org/tiny"))).isEqualTo(Path.of("./org/tiny"));
    assertThat(hub.requests()).isEmpty();
  }

  /** Packaged run files name the directory models/judge, and anyone may register such a name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: generative, model: models/judge, prompt: yes-no}",
        "{type: scalar, model: models/judge}",
        "{type: tournament, panel: {a: {model: models/judge, prompt: j1-verdict}}}"
      })
  void shouldNeverDownloadWhatARunFileNames(String judge) {
    // Given
    RunFile run =
        RunFileReader.read(
            "run.yaml",
            "run: r\ngroup: {samplesPerArm: 2, deadline: 9s}\njudges: {j: "
                + judge
                + "}\nreward: {rule: scalar}\n");

    // When / Then
    assertThatThrownBy(() -> models.requireCached(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model: 'models/judge' (expected: a directory, or a model in the cache %s; the run file or --model names another one)"
                .formatted(directory.resolve("hub")));
    assertThat(hub.requests()).isEmpty();
    assertThat(Files.exists(directory.resolve("hub"))).isFalse();
  }
}
