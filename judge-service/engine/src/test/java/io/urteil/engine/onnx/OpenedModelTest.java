package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.runtime.CacheDecision;
import io.urteil.engine.runtime.MemoryRequirement;
import io.urteil.model.safetensors.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.slf4j.event.EventRecordingLogger;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

class OpenedModelTest {

  private final Queue<SubstituteLoggingEvent> events = new ArrayDeque<>();
  private final EventRecordingLogger logger =
      new EventRecordingLogger(new SubstituteLogger("engine", events, true), events);

  @Test
  void shouldNameEverySizeWithWhatDecidedIt() {
    // Given
    EngineSettings settings =
        new SlotSettings(64, 4096, 1 << 20).fit(TinyModel.DEMO, RuntimeSettings.defaults());
    CacheDecision cache = CacheDecision.of(TinyModel.DEMO, DataType.F32, settings, 1L << 30, 1);
    MemoryRequirement need = MemoryRequirement.of(TinyModel.DEMO, DataType.F32, settings);

    // When
    OpenedModel.line(logger, Path.of("models/demo"), settings, need, cache, Duration.ofMillis(7))
        .log("model opened");

    // Then
    assertThat(events).hasSize(1);
    assertThat(events.element().getMessage())
        .isEqualTo(
            "model=demo weights=f32 weightsMiB=0.5 slots=64 (set) slotCapacity=256 (limit of the"
                + " model) cacheMiB=1.0 (set) cacheNumbers=f32 threads=1 (2 million parameters a thread) millis=7"
                + " model opened");
  }
}
