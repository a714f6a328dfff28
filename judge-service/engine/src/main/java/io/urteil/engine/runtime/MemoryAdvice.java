package io.urteil.engine.runtime;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.safetensors.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * What makes a model fit that does not: each single change of the settings that is enough, or else
 * the smallest settings, with what they lack. Pure.
 */
public final class MemoryAdvice {

  private static final int SHORTEST_SLOT = 512;
  private static final long MIB = 1 << 20;

  private final DecoderConfig config;
  private final DataType embedding;
  private final EngineSettings settings;
  private final int versions;
  private final long room;

  private MemoryAdvice(
      DecoderConfig config, DataType embedding, EngineSettings settings, int versions, long room) {
    this.config = config;
    this.embedding = embedding;
    this.settings = settings;
    this.versions = versions;
    this.room = room;
  }

  /** The advice for a model, as a function of the memory that is left in bytes. */
  public static LongFunction<String> of(
      ModelDirectory model, EngineSettings settings, int versions) {
    DataType embedding = model.weight(DecoderGraph.EMBEDDING).entry().dataType();
    return room -> text(model.config(), embedding, settings, versions, room);
  }

  /**
   * The advice for a model of this shape.
   *
   * @param embedding stored format of the embedding
   * @param versions the number that must fit
   * @param room bytes
   */
  public static String text(
      DecoderConfig config, DataType embedding, EngineSettings settings, int versions, long room) {
    return new MemoryAdvice(config, embedding, settings, versions, room).text();
  }

  private String text() {
    List<String> enough = new ArrayList<>();
    boolean eightBits = settings.weights() == WeightPrecision.F32 && !settings.device().isBound();
    EngineSettings small = eightBits ? settings.withWeights(WeightPrecision.INT8) : settings;
    if (eightBits && fits(small)) {
      enough.add("int8 weights take " + MemoryLedger.mib(bytes(small)));
    }
    if (isShared()) {
      largestCache().ifPresent(mebibytes -> enough.add("a cache of %dM fits".formatted(mebibytes)));
    } else {
      largest(settings.slots() - 1, 1, slots -> settings.withSlots(slots, settings.slotCapacity()))
          .ifPresent(
              slots -> enough.add(slots == 1 ? "one slot fits" : "%d slots fit".formatted(slots)));
    }
    largest(
            settings.slotCapacity() - 1,
            SHORTEST_SLOT,
            capacity -> settings.withSlots(settings.slots(), capacity))
        .ifPresent(capacity -> enough.add("slots of %d tokens fit".formatted(capacity)));
    if (!enough.isEmpty()) {
      return String.join(", or ", enough);
    }
    EngineSettings shortest =
        settings.withSlots(1, Math.min(SHORTEST_SLOT, settings.slotCapacity()));
    EngineSettings shortestSmall = shortest.withWeights(small.weights());
    EngineSettings least = bytes(shortestSmall) < bytes(shortest) ? shortestSmall : shortest;
    String smallest =
        "%sone slot of %d tokens takes %s"
            .formatted(
                least.weights() == settings.weights() ? "" : "with int8 weights ",
                least.slotCapacity(),
                MemoryLedger.mib(bytes(least)));
    return fits(least)
        ? smallest
        : "even %s, %s more than there is"
            .formatted(smallest, MemoryLedger.mib(bytes(least) - Math.max(0, room)));
  }

  /** Whether sequences share a cache that does not hold all slots at their full length. */
  private boolean isShared() {
    return settings.cacheBytes() / settings.slots() < settings.cacheShape(config).slotBytes();
  }

  /** In MiB; at least one slot. */
  private OptionalLong largestCache() {
    long excess = Math.ceilDiv(Math.max(0, bytes(settings) - room), versions);
    long fitting = (settings.cacheBytes() - excess) / MIB;
    return fitting > 0 && fitting * MIB >= settings.cacheShape(config).slotBytes()
        ? OptionalLong.of(fitting)
        : OptionalLong.empty();
  }

  /** The largest value from {@code low} to {@code high} that fits; memory grows with it. */
  private OptionalInt largest(int high, int low, IntFunction<EngineSettings> with) {
    if (high < low || !fits(with.apply(low))) {
      return OptionalInt.empty();
    }
    int fitting = low;
    int above = high + 1;
    while (above - fitting > 1) {
      int middle = fitting + (above - fitting) / 2;
      if (fits(with.apply(middle))) {
        fitting = middle;
      } else {
        above = middle;
      }
    }
    return OptionalInt.of(fitting);
  }

  private boolean fits(EngineSettings changed) {
    return bytes(changed) <= room;
  }

  /** All versions, and the temporary copies while the last one is opened. */
  private long bytes(EngineSettings changed) {
    MemoryRequirement need = MemoryRequirement.of(config, embedding, changed);
    return need.total() * versions + need.whileOpening().total();
  }
}
