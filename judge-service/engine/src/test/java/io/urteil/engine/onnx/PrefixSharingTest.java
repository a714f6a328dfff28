package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PrefixSharingTest {

  private static final int CHUNK = 8;
  private static final EngineSettings SETTINGS = EngineSettings.of(6, 96).withPrefill(16, CHUNK);
  private static final Sampling SAMPLING = Sampling.at(1, 12, List.of(), 5);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private TinyEngine tiny;

  @BeforeEach
  void startEngine() throws Exception {
    tiny = new TinyEngine(directory.resolve("model"), TinyModel.QWEN2, SETTINGS);
  }

  @AfterEach
  void closeEngine() {
    tiny.close();
  }

  @Test
  void shouldReadACommonBeginningOnceWhenBothOrdersOfAPairAreAsked() throws Exception {
    // Given
    CompletionRequest first = request("AB", 29, 1, 14);
    CompletionRequest second = request("BA", 29, 2, 17);

    // When
    List<Completion> completions = tiny.answers(List.of(first, second));

    // Then
    EngineStatistics statistics = tiny.engine().statistics();
    assertThat(statistics.sharedTokens()).isEqualTo(29);
    assertThat(statistics.prefillTokens()).isEqualTo(43 + 46 - 29);
    tiny.assertLogProbabilities(first, completions.get(0).samples().getFirst());
    tiny.assertLogProbabilities(second, completions.get(1).samples().getFirst());
  }

  @Test
  void shouldShareWithWhatRunsAndWithWhatHasFinished() throws Exception {
    // Given
    List<CompletionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      requests.add(request("r" + i, 20 + 8 * (i % 3), i % 5, 3 + i));
    }

    // When
    List<Completion> completions = tiny.answers(requests);

    // Then
    assertThat(tiny.engine().statistics().sharedTokens()).isGreaterThan(24 * 16);
    for (int i = 0; i < 24; i++) {
      for (CompletionSample sample : completions.get(i).samples()) {
        tiny.assertLogProbabilities(requests.get(i), sample);
      }
    }
  }

  @Test
  void shouldShareChunksToTheBitWhenTheShapeIsFixed() throws Exception {
    // Given
    tiny.close();
    tiny =
        new TinyEngine(directory.resolve("fixed"), TinyModel.QWEN2, SETTINGS.withFixedShape(true));
    CompletionRequest request = request("mine", 29, 1, 14);
    Completion alone = tiny.answer(request);
    tiny.answer(request("another", 0, 9, 60));
    tiny.answer(request("sibling", 29, 2, 17));
    long before = tiny.engine().statistics().sharedTokens();

    // When
    Completion shared = tiny.answer(request);

    // Then: 29 tokens in common are three pieces of 8
    assertThat(tiny.engine().statistics().sharedTokens()).isEqualTo(before + 24);
    assertThat(shared.samples()).isEqualTo(alone.samples());
  }

  @Test
  void shouldReadTheLastTokenWhenAPromptIsHeldWhole() throws Exception {
    // Given
    CompletionRequest request = request("twice", 32, 1, 0);
    Completion once = tiny.answer(request);

    // When
    Completion twice = tiny.answer(request);

    // Then
    assertThat(tiny.engine().statistics().sharedTokens()).isEqualTo(31);
    for (int i = 0; i < 2; i++) {
      assertThat(twice.samples().get(i).tokenIds()).isEqualTo(once.samples().get(i).tokenIds());
      tiny.assertLogProbabilities(request, twice.samples().get(i));
    }
  }

  @Test
  void shouldNotShareWhatAnotherVersionRead() throws Exception {
    // Given
    CompletionRequest request = request("r", 40, 1, 10);
    tiny.answer(request);
    ModelVersion next = new ModelVersion("tiny", "main", 2);
    Path path = TinyModel.write(directory.resolve("next"), TinyModel.QWEN2, 8);
    tiny.engine().switchTo(next, path).get();

    // When
    Completion completion = tiny.answer(request);

    // Then
    assertThat(completion.version()).isEqualTo(next);
    assertThat(tiny.engine().statistics().sharedTokens()).isZero();
  }

  /** A prompt of a beginning that all have and an end of its own. */
  private static CompletionRequest request(String id, int common, int own, int ownLength) {
    int[] prompt = Arrays.copyOf(TinyModel.tokens(TinyModel.QWEN2, 60, 1), common + ownLength);
    int[] end = TinyModel.tokens(TinyModel.QWEN2, ownLength, 100 + own);
    System.arraycopy(end, 0, prompt, common, ownLength);
    if (ownLength > 0) {
      // The first token of the ends must differ, so that what is in common is known.
      prompt[common] = 40 + own;
    }
    return new CompletionRequest(id, prompt, 2, SAMPLING);
  }
}
