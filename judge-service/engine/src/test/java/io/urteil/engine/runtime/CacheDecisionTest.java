package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.CacheShape;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.DataType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CacheDecisionTest {

  private static final long GIB = 1L << 30;
  private static final DecoderConfig SEVEN_BILLION =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(3584, 18944, 28, 28, 4, 128, 152064, 32768),
          1e-6,
          1e6,
          false,
          List.of());
  private static final RuntimeSettings ALONE = RuntimeSettings.defaults();

  private static EngineSettings settings(long cache, RuntimeSettings runtime) {
    return new SlotSettings(64, 4096, cache).fit(SEVEN_BILLION, runtime);
  }

  private static CacheDecision decide(EngineSettings settings, long free, int versions) {
    return CacheDecision.of(SEVEN_BILLION, DataType.BF16, settings, free, versions);
  }

  private static long total(EngineSettings settings, CacheDecision decision) {
    return MemoryRequirement.of(SEVEN_BILLION, DataType.BF16, settings.withCache(decision.bytes()))
        .total();
  }

  @Test
  void shouldTakeHalfOfWhatIsFreeAfterTheWeights() {
    // Given
    EngineSettings settings = settings(EngineSettings.AUTO, ALONE);
    MemoryRequirement least = MemoryRequirement.of(SEVEN_BILLION, DataType.BF16, settings);
    long slot = settings.cacheShape(SEVEN_BILLION).slotBytes();

    // When
    CacheDecision decision = decide(settings, 48 * GIB, 1);

    // Then
    assertThat(decision.bytes()).isEqualTo((48 * GIB - least.total() + slot) / 2);
    assertThat(decision.bytes() / slot).isBetween(16L, 24L);
    assertThat(decision.reason()).startsWith("1/2 of ").endsWith(" MiB free");
  }

  @Test
  void shouldLeaveRoomForTheOtherComponents() {
    long alone = decide(settings(EngineSettings.AUTO, ALONE), 48 * GIB, 1).bytes();
    CacheDecision third = decide(settings(EngineSettings.AUTO, ALONE.sharedBy(2)), 48 * GIB, 1);
    assertThat(third.bytes()).isEqualTo(2 * alone / 3);
    assertThat(third.reason()).startsWith("1/3 of ");
  }

  @Test
  void shouldTakeNoMoreThanAllSlotsAndNoLessThanOne() {
    // Given
    EngineSettings settings = settings(EngineSettings.AUTO, ALONE);
    long slot = settings.cacheShape(SEVEN_BILLION).slotBytes();

    // Then
    assertThat(decide(settings, 1000 * GIB, 1))
        .isEqualTo(new CacheDecision(64 * slot, "all slots"));
    assertThat(decide(settings, GIB, 1)).isEqualTo(new CacheDecision(slot, "one slot"));
  }

  @Test
  void shouldTakeWhatIsSet() {
    assertThat(decide(settings(2 * GIB, ALONE), GIB, 1))
        .isEqualTo(new CacheDecision(2 * GIB, "set"));
    assertThat(decide(settings(1, ALONE), 48 * GIB, 1).reason()).isEqualTo("one slot");
  }

  /** Whatever one slot leaves room for, the decision leaves room for, in all versions. */
  @Property
  void shouldFitWhereOneSlotFits(
      @ForAll @LongRange(min = 1, max = 400) long freeGib,
      @ForAll @IntRange(min = 1, max = 3) int versions,
      @ForAll @IntRange(min = 1, max = 4) int sharers) {
    // Given
    EngineSettings settings = settings(EngineSettings.AUTO, ALONE.sharedBy(sharers));
    CacheShape shape = settings.cacheShape(SEVEN_BILLION);
    long free = freeGib * GIB;

    // When
    CacheDecision decision = decide(settings, free, versions);

    // Then
    long least = total(settings, new CacheDecision(shape.slotBytes(), ""));
    assertThat(decision.bytes()).isBetween(shape.slotBytes(), 64 * shape.slotBytes());
    assertThat(total(settings, decision) * versions <= free).isEqualTo(least * versions <= free);
  }
}
