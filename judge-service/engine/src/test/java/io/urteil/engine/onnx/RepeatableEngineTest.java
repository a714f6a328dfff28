package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** One request alone and among random others, over and over. */
class RepeatableEngineTest {

  private static final EngineSettings SETTINGS = EngineSettings.of(5, 96).withPrefill(32, 16);

  @SuppressWarnings("NullAway.Init")
  private static TinyEngine free;

  @SuppressWarnings("NullAway.Init")
  private static TinyEngine fixed;

  @BeforeContainer
  static void startEngines() throws Exception {
    Path directory = Files.createTempDirectory("repeatable");
    free = new TinyEngine(directory.resolve("free"), TinyModel.QWEN2, SETTINGS);
    fixed =
        new TinyEngine(directory.resolve("fixed"), TinyModel.QWEN2, SETTINGS.withFixedShape(true));
  }

  @AfterContainer
  static void closeEngines() {
    free.close();
    fixed.close();
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void shouldKeepLogProbabilitiesWhateverElseRuns(@ForAll long seed) throws Exception {
    // Given
    List<CompletionRequest> crowd = crowd(free, new SplittableRandom(seed));
    CompletionRequest mine = crowd.get(crowd.size() / 2);
    Completion alone = free.answer(mine);

    // When
    Completion among = free.answers(crowd).get(crowd.size() / 2);

    // Then
    for (int i = 0; i < mine.samples(); i++) {
      CompletionSample expected = alone.samples().get(i);
      CompletionSample sample = among.samples().get(i);
      assertThat(sample.tokenIds()).isEqualTo(expected.tokenIds());
      assertThat(sample.logProbabilities())
          .containsExactly(expected.logProbabilities(), within(1e-4f));
    }
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void shouldRepeatEveryBitWhenTheShapeIsFixed(@ForAll long seed) throws Exception {
    // Given
    List<CompletionRequest> crowd = crowd(fixed, new SplittableRandom(seed));
    CompletionRequest mine = crowd.get(crowd.size() / 2);
    Completion alone = fixed.answer(mine);

    // When
    Completion among = fixed.answers(crowd).get(crowd.size() / 2);

    // Then
    assertThat(among.samples()).isEqualTo(alone.samples());
  }

  private static List<CompletionRequest> crowd(TinyEngine tiny, SplittableRandom random) {
    List<CompletionRequest> crowd = new ArrayList<>();
    int size = random.nextInt(1, 14);
    for (int i = 0; i < size; i++) {
      Sampling sampling =
          new Sampling(
              0.5 + random.nextDouble(),
              random.nextBoolean() ? 1 : 0.5 + random.nextDouble() / 2,
              random.nextInt(0, 4) * 8,
              random.nextInt(1, 40),
              List.of(1),
              random.nextLong());
      crowd.add(tiny.request("r" + i, random.nextInt(1, 70), random.nextInt(1, 5), sampling));
    }
    return crowd;
  }
}
