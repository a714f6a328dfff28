package io.urteil.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.onnx.TinyModel;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadSettingsTest {

  private static final ThreadSettings AUTO = ThreadSettings.auto();

  @ParameterizedTest
  @CsvSource({
    // cores, components, parameters, threads
    "2, 1, 141000, 1",
    "64, 1, 141000, 1",
    "2, 1, 3900000, 1",
    "2, 1, 5450000, 2",
    "64, 1, 15670000, 7",
    "2, 1, 135000000, 2",
    "2, 2, 135000000, 1",
    "2, 3, 135000000, 1",
    "1, 1, 7000000000, 1",
    "16, 3, 7000000000, 5",
    "64, 1, 7000000000, 64",
  })
  void shouldDivideTheCoresByTheComponentsAndSpareSmallModels(
      int cores, int components, long parameters, int threads) {
    assertThat(AUTO.sharedBy(components).choose(cores, parameters).number()).isEqualTo(threads);
  }

  @Test
  void shouldNameWhatDecided() {
    assertThat(AUTO.sharedBy(3).choose(16, 7_000_000_000L).reason())
        .isEqualTo("16 cores / 3 components");
    assertThat(AUTO.choose(16, 141_000).reason()).isEqualTo("2 million parameters a thread");
    assertThat(new ThreadSettings(3, 1).choose(2, 141_000))
        .isEqualTo(new ThreadSettings.Choice(3, "set"));
  }

  @Test
  void shouldCountTheParametersOfTheDemosModel() {
    assertThat(ThreadSettings.parameters(TinyModel.DEMO)).isBetween(140_000L, 142_000L);
    assertThat(EngineSettings.of(4, 64).withThreads(2).withThreadsFor(TinyModel.DEMO).threads())
        .isEqualTo(1);
  }

  /** The engines of all components together have at most one thread a core, or one each. */
  @Property
  void shouldNeverHaveMoreThreadsThanCoresOrComponents(
      @ForAll @IntRange(min = 1, max = 256) int cores,
      @ForAll @IntRange(min = 1, max = 5) int components,
      @ForAll @LongRange(min = 1, max = 100_000_000_000L) long parameters) {
    // When
    int threads = AUTO.sharedBy(components).choose(cores, parameters).number();

    // Then
    assertThat(threads).isPositive();
    assertThat(threads * components).isLessThanOrEqualTo(Math.max(cores, components));
  }

  @Test
  void shouldRejectANegativeNumber() {
    assertThatThrownBy(() -> new ThreadSettings(-1, 1))
        .hasMessage("threads: -1 (expected: >= 0), sharers: 1 (expected: >= 1) in thread settings");
  }
}
