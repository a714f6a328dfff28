package io.urteil.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.onnx.TinyEngine;
import io.urteil.engine.onnx.TinyModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSettingsTest {

  @TempDir private Path directory;

  @Test
  void shouldNeitherSpinNorLeaveTheProcessorUnlessTold() {
    // When
    EngineSettings settings = EngineSettings.of(4, 64);

    // Then
    assertThat(settings.spinMicros()).isZero();
    assertThat(settings.fixedShape()).isFalse();
    assertThat(settings.device()).isEqualTo(Device.CPU);
  }

  @Test
  void shouldAnswerTheSameWithThreadsThatSpinForAMoment() throws Exception {
    // Given
    EngineSettings settings = EngineSettings.of(4, 64).withThreads(2);
    CompletionSample still;
    try (TinyEngine tiny = new TinyEngine(directory, TinyModel.QWEN2, settings)) {
      still = tiny.answer(request(tiny)).samples().getFirst();
    }

    // When
    CompletionSample spinning;
    try (TinyEngine tiny =
        new TinyEngine(directory, TinyModel.QWEN2, settings.withSpinMicros(50))) {
      spinning = tiny.answer(request(tiny)).samples().getFirst();
    }

    // Then
    assertThat(spinning.tokenIds()).isEqualTo(still.tokenIds()).hasSize(20);
  }

  @Test
  void shouldRefuseToSpinForLessThanNoTime() {
    // When / Then
    assertThatThrownBy(() -> EngineSettings.of(4, 64).withSpinMicros(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "memoryBytes: 0, deviceMemoryBytes: 0, spinMicros: -1 (expected: each >= 0) in runtime settings");
  }

  private static CompletionRequest request(TinyEngine tiny) {
    return tiny.request("r", 9, 1, Sampling.greedy(20, List.of()));
  }
}
