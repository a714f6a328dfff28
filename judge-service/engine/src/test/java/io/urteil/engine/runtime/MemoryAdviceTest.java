package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.DataType;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MemoryAdviceTest {

  private static final DecoderConfig SEVEN_BILLION =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(3584, 18944, 28, 28, 4, 128, 152064, 32768),
          1e-6,
          1e6,
          false,
          List.of());

  private static long bytes(DecoderConfig config, EngineSettings settings) {
    MemoryRequirement need = MemoryRequirement.of(config, DataType.BF16, settings);
    return need.total() + need.whileOpening().total();
  }

  private static String advice(DecoderConfig config, EngineSettings settings, long room) {
    return MemoryAdvice.text(config, DataType.BF16, settings, 1, room);
  }

  @Test
  void shouldNameInt8ForASevenBillionModelOnASmallMachine() {
    EngineSettings settings = EngineSettings.of(1, 4096);
    assertThat(bytes(SEVEN_BILLION, settings)).isGreaterThan(28L << 30);
    assertThat(advice(SEVEN_BILLION, settings, 26L << 30))
        .matches("int8 weights take 26\\d+\\.\\d MiB");
  }

  @Test
  void shouldNameWhatTheSmallestSettingsLack() {
    EngineSettings settings = EngineSettings.of(4, 4096);
    assertThat(advice(SEVEN_BILLION, settings, 4L << 30))
        .startsWith("even with int8 weights one slot of 512 tokens takes ")
        .endsWith(" MiB more than there is");
  }

  @Test
  void shouldNameTheCacheThatFitsWhereSequencesShareOne() {
    // Given
    EngineSettings settings = EngineSettings.of(64, 4096).withCache(8L << 30);
    long room = bytes(SEVEN_BILLION, settings) - (3L << 30);

    // When
    String advice = advice(SEVEN_BILLION, settings, room);

    // Then
    assertThat(advice).contains("a cache of 5120M fits").doesNotContain("slots fit");
    assertThat(bytes(SEVEN_BILLION, settings.withCache(5120L << 20))).isEqualTo(room);
  }

  /** Each change that is named is enough, the named number is the largest, and none is left out. */
  @Property(tries = 300)
  void shouldNameChangesThatAreEnough(
      @ForAll @IntRange(min = 1, max = 24) int layers,
      @ForAll @IntRange(min = 1, max = 12) int heads,
      @ForAll @IntRange(min = 1, max = 60_000) int vocabulary,
      @ForAll @IntRange(min = 1, max = 64) int slots,
      @ForAll @IntRange(min = 2, max = 9_000) int capacity,
      @ForAll @DoubleRange(min = 0.05, max = 0.99) double share) {
    // Given
    DecoderConfig config =
        new DecoderConfig(
            "llama",
            new DecoderConfig.Dimensions(
                heads * 64, heads * 128, layers, heads, 1, 64, vocabulary, 16_384),
            1e-6,
            1e4,
            true,
            List.of());
    EngineSettings settings = EngineSettings.of(slots, capacity);
    long room = (long) (share * bytes(config, settings));

    // When
    String advice = advice(config, settings, room);

    // Then
    EngineSettings int8 = settings.withWeights(WeightPrecision.INT8);
    assertThat(advice.contains("int8 weights take")).isEqualTo(bytes(config, int8) <= room);
    OptionalInt fewer = number(advice, "(\\d+) slots fit|(one) slot fits");
    assertThat(fewer.isPresent())
        .isEqualTo(slots > 1 && bytes(config, settings.withSlots(1, capacity)) <= room);
    if (fewer.isPresent()) {
      assertThat(bytes(config, settings.withSlots(fewer.getAsInt(), capacity)))
          .isLessThanOrEqualTo(room);
      assertThat(bytes(config, settings.withSlots(fewer.getAsInt() + 1, capacity)))
          .isGreaterThan(room);
    }
    OptionalInt shorter = number(advice, "slots of (\\d+) tokens fit");
    if (shorter.isPresent()) {
      assertThat(bytes(config, settings.withSlots(slots, shorter.getAsInt())))
          .isLessThanOrEqualTo(room);
      assertThat(bytes(config, settings.withSlots(slots, shorter.getAsInt() + 1)))
          .isGreaterThan(room);
    }
    if (advice.startsWith("even ")) {
      EngineSettings least = settings.withSlots(1, Math.min(512, capacity));
      assertThat(bytes(config, least)).isGreaterThan(room);
      assertThat(bytes(config, least.withWeights(WeightPrecision.INT8))).isGreaterThan(room);
    }
  }

  private static OptionalInt number(String advice, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(advice);
    if (!found.find()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(found.group(1) == null ? 1 : Integer.parseInt(found.group(1)));
  }
}
