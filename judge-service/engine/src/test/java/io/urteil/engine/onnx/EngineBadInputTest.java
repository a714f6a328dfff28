package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The table of the engine's page, row by row. */
@Timeout(60)
class EngineBadInputTest {

  private static final Sampling SAMPLING = Sampling.at(1, 8, List.of(), 1);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private TinyEngine tiny;

  @BeforeEach
  void startEngine() throws Exception {
    tiny = new TinyEngine(directory, TinyModel.QWEN2, EngineSettings.of(4, 64));
  }

  @AfterEach
  void closeEngine() {
    tiny.close();
  }

  @Test
  void shouldRefuseAnEmptyPrompt() {
    assertThatThrownBy(() -> new CompletionRequest("r", new int[0], 1, SAMPLING))
        .hasMessage("promptTokenIds: empty (expected: at least one token) in request 'r'");
  }

  @Test
  void shouldRefuseARequestForNoSamples() {
    assertThatThrownBy(() -> new CompletionRequest("r", new int[] {1}, 0, SAMPLING))
        .hasMessage("samples: 0 (expected: >= 1) in request 'r'");
  }

  @Test
  void shouldRefuseANucleusWithoutMass() {
    assertThatThrownBy(() -> new Sampling(1, 0, 0, 8, List.of(), 1))
        .hasMessage("topP: 0.0 (expected: > 0 and <= 1)");
  }

  @Test
  void shouldTakeTheMostLikelyTokenWhenTheNucleusIsAllButEmpty() throws Exception {
    // Given
    CompletionRequest greedy = tiny.request("greedy", 9, 2, Sampling.greedy(8, List.of()));
    CompletionRequest narrow =
        tiny.request("narrow", 9, 2, new Sampling(1, Double.MIN_VALUE, 0, 8, List.of(), 4));

    // When
    List<Completion> completions = tiny.answers(List.of(greedy, narrow));

    // Then
    assertThat(completions.get(1).samples()).isEqualTo(completions.get(0).samples());
    assertThat(completions.get(0).samples().get(0).tokenIds())
        .isEqualTo(completions.get(0).samples().get(1).tokenIds());
    assertThat(completions.get(0).samples().getFirst().logProbabilities()).containsOnly(0f);
  }

  @Test
  void shouldAnswerLikeGreedyWhenTheTemperatureIsAllButZero() throws Exception {
    // Given
    CompletionRequest greedy = tiny.request("greedy", 9, 1, Sampling.greedy(8, List.of()));
    CompletionRequest cold =
        tiny.request("cold", 9, 1, Sampling.at(Double.MIN_VALUE, 8, List.of(), 4));

    // When
    List<Completion> completions = tiny.answers(List.of(greedy, cold));

    // Then
    assertThat(completions.get(1).samples()).isEqualTo(completions.get(0).samples());
  }

  @Test
  void shouldFailAPromptOf200000TokensAlone() throws Exception {
    // Given
    CompletionRequest endless = tiny.request("endless", 200_000, 2, SAMPLING);
    CompletionRequest good = tiny.request("good", 5, 1, SAMPLING);

    // When
    List<Completion> completions = tiny.answers(List.of(good, endless, good));

    // Then
    assertThat(completions.get(1).samples())
        .hasSize(2)
        .allSatisfy(
            sample -> {
              assertThat(sample.finishReason()).isEqualTo(StopReason.FAILED);
              assertThat(sample.detail())
                  .isEqualTo("prompt: 200000 tokens (expected: <= 64, the capacity of a slot)");
            });
    assertThat(completions.get(0).samples()).isEqualTo(completions.get(2).samples());
    tiny.assertLogProbabilities(good, completions.get(0).samples().getFirst());
  }
}
