package io.urteil.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineClosedException;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeEngineTest {

  private static final ModelVersion FIRST = new ModelVersion("judge", "main", 1);
  private static final ModelVersion SECOND = new ModelVersion("judge", "main", 2);

  private final FakeEngine engine =
      new FakeEngine(
          FIRST, (request, version, sample) -> new int[] {(int) version.number(), sample, 7, 8, 9});

  @Test
  void shouldSpeakTheScriptUpToStopTokenAndLength() throws Exception {
    // Given
    CompletionRequest stopped =
        new CompletionRequest("a", new int[] {1}, 2, Sampling.greedy(9, List.of(8)));
    CompletionRequest cut =
        new CompletionRequest("b", new int[] {1}, 1, Sampling.greedy(2, List.of(8)));

    // When
    List<CompletionSample> first = engine.submit(stopped).get().samples();
    List<CompletionSample> second = engine.submit(cut).get().samples();

    // Then
    assertThat(first.get(1).tokenIds()).containsExactly(1, 1, 7, 8);
    assertThat(first.get(1).finishReason()).isEqualTo(StopReason.STOP);
    assertThat(first.get(1).logProbabilities()).containsOnly(FakeEngine.LOG_PROBABILITY);
    assertThat(second.getFirst().tokenIds()).containsExactly(1, 0);
    assertThat(second.getFirst().finishReason()).isEqualTo(StopReason.LENGTH);
    assertThat(engine.requests()).containsExactly(stopped, cut);
  }

  @Test
  void shouldSwitchVersionsAsARealEngineDoes(@TempDir Path directory) throws Exception {
    // Given
    CompletionRequest request =
        new CompletionRequest("a", new int[] {1}, 1, Sampling.greedy(9, List.of()));

    // When
    LoadOutcome refused = engine.switchTo(SECOND, directory.resolve("missing")).get();
    LoadOutcome loaded = engine.switchTo(SECOND, directory).get();

    // Then
    assertThat(refused).isInstanceOf(LoadOutcome.Rejected.class);
    assertThat(loaded).isInstanceOf(LoadOutcome.Loaded.class);
    assertThat(engine.submit(request).get().version()).isEqualTo(SECOND);
    assertThat(engine.loaded()).containsExactly(SECOND);
    assertThatThrownBy(() -> engine.submit(request.withVersion(FIRST)).get())
        .hasMessageContaining("names version judge/main@1, which is not loaded");
  }

  @Test
  void shouldFailRequestsWhenItIsClosed() {
    // Given
    engine.close();

    // When
    var answer =
        engine.submit(new CompletionRequest("a", new int[] {1}, 1, Sampling.greedy(9, List.of())));

    // Then
    assertThatThrownBy(answer::get).hasCauseInstanceOf(EngineClosedException.class);
  }
}
