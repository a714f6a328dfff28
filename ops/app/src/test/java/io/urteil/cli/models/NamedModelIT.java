package io.urteil.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.cli.PackagedUrteil;
import io.urteil.embedded.JavaProcess;
import io.urteil.local.hub.StubHub;
import io.urteil.testing.RandomModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name where a model directory may stand, in the packaged application. */
class NamedModelIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Path directory;

  NamedModelIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldDownloadANamedModelOnceAndJudgeWithIt() throws Exception {
    // Given
    RandomModel.writeChat(directory.resolve("model"));
    try (StubHub hub = new StubHub().with(directory.resolve("model"))) {

      // When
      String first = judge(hub, Map.of());
      int requests = hub.requests().size();
      String second = judge(hub, Map.of("HF_HUB_OFFLINE", "1"));

      // Then
      assertThat(first).contains("  verdict  ");
      assertThat(second).contains("  verdict  ");
      assertThat(requests).isPositive();
      assertThat(hub.requests()).hasSize(requests);
    }
  }

  private String judge(StubHub hub, Map<String, String> further) {
    Map<String, String> environment = new java.util.HashMap<>(further);
    environment.put("HF_ENDPOINT", hub.endpoint().toString());
    environment.put("HF_HOME", directory.resolve("hf").toString());
    try (JavaProcess process =
        PackagedUrteil.start(
            directory,
            List.of(),
            environment,
            "judge",
            "--model",
            "org/tiny",
            "--prompt",
            "self-judge",
            "--read",
            "probabilities",
            "2+2?",
            "4",
            "5")) {
      assertThat(process.awaitExit(LIMIT)).as(process.output()).isZero();
      return process.output();
    }
  }
}
