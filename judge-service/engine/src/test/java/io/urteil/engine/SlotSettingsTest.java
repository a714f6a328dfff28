package io.urteil.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.onnx.TinyModel;
import io.urteil.model.DecoderConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotSettingsTest {

  private static final long GIB = 1L << 30;

  /** 24 layers, 2 heads of keys and values, head dimension 64. */
  private static final DecoderConfig HALF_BILLION =
      shape(new DecoderConfig.Dimensions(896, 4864, 24, 14, 2, 64, 151936, 32768));

  @Test
  void shouldKeepAllSlotsOfALargeModelOnTheProcessor() {
    // When
    EngineSettings settings =
        new SlotSettings(64, 4096, 2 * GIB).fit(HALF_BILLION, RuntimeSettings.defaults());

    // Then
    assertThat(settings.slots()).isEqualTo(64);
    assertThat(settings.slotCapacity()).isEqualTo(4096);
    assertThat(settings.cacheBytes()).isEqualTo(2 * GIB);
    assertThat(settings.reasons().slots()).isEqualTo("set");
  }

  @Test
  void shouldHaveRoomForThirtyTwoSequencesOf1500TokensInTwoGibibytes() {
    // Given
    CacheShape shape = CacheShape.of(HALF_BILLION, 4096, Float.BYTES);

    // Then
    assertThat(shape.slotBytes()).isEqualTo(24 * 2 * 2 * 64 * 4 * 4096);
    assertThat(2 * GIB / shape.slotBytes()).isEqualTo(21);
    assertThat(2 * GIB / shape.bytes(1500)).isGreaterThanOrEqualTo(32);
  }

  @Test
  void shouldCountPages() {
    // Given: 16 positions of a head in a page
    CacheShape shape = new CacheShape(2, 3, 64, 256, 4096);

    // Then
    assertThat(shape.bytes(0)).isZero();
    assertThat(shape.bytes(1)).isEqualTo(2 * 3 * 4096);
    assertThat(shape.bytes(16)).isEqualTo(2 * 3 * 4096);
    assertThat(shape.bytes(17)).isEqualTo(2 * 3 * 2 * 4096);
    assertThat(shape.bytes(64)).isEqualTo(shape.slotBytes());
    assertThat(new CacheShape(2, 3, 60, 256, 4096).bytes(16))
        .as("heads that do not start at a page")
        .isEqualTo(2 * 3 * 2 * 4096);
  }

  @Test
  void shouldHaveAsManySlotsAsOneTensorHolds() {
    // Given: 64 MiB a slot in each block
    DecoderConfig wide =
        shape(new DecoderConfig.Dimensions(4096, 11008, 32, 32, 32, 128, 32000, 4096));

    // When
    EngineSettings settings =
        new SlotSettings(64, 4096, EngineSettings.AUTO).fit(wide, RuntimeSettings.defaults());

    // Then
    assertThat(settings.slots()).isEqualTo(30);
    assertThat((settings.slots() + 1) * settings.cacheShape(wide).slotBlockBytes())
        .isLessThan(2 * GIB);
    assertThat(settings.reasons().slots()).isEqualTo("2 GiB for one layer's keys");
  }

  @Test
  void shouldHaveWholeSlotsWhereStepsComputeOrReserveAllOfThem() {
    // Given
    SlotSettings slots = new SlotSettings(64, 4096, GIB);
    RuntimeSettings processor = RuntimeSettings.defaults();

    // When
    EngineSettings fixed = slots.fit(HALF_BILLION, processor.withFixedShape(true));
    EngineSettings card =
        slots.fit(HALF_BILLION, processor.withDevice(Device.parse("cuda:0", "bf16")));

    // Then
    assertThat(fixed.slots()).isEqualTo(10);
    assertThat(fixed.cacheBytes()).isEqualTo(EngineSettings.WHOLE_SLOTS);
    assertThat(card.slots()).as("numbers of two bytes").isEqualTo(21);
    assertThat(card.threads()).isEqualTo(1);
    assertThat(card.reasons().slots()).isEqualTo("whole slots");
  }

  @Test
  void shouldBeAsLongAsTheModelAllows() {
    // When
    EngineSettings settings =
        new SlotSettings(4, 4096, EngineSettings.AUTO)
            .fit(TinyModel.QWEN2, RuntimeSettings.defaults());

    // Then
    assertThat(settings.slotCapacity()).isEqualTo(256);
    assertThat(settings.reasons().slotCapacity()).isEqualTo("limit of the model");
  }

  private static DecoderConfig shape(DecoderConfig.Dimensions dimensions) {
    return new DecoderConfig("qwen2", dimensions, 1e-6, 1e6, true, List.of());
  }
}
