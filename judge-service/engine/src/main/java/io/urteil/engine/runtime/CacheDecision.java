package io.urteil.engine.runtime;

import io.urteil.engine.CacheShape;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.safetensors.DataType;
import java.util.Locale;

/**
 * Memory for the keys and values of the running sequences of one version. Pure.
 *
 * <p>Without a setting it is a share of what is free after weights, work and the staging slot: a
 * half, in a process where n components run models 1 / (n + 1), so that each of them leaves room
 * for the others. It is never less than one slot, and never more than all slots.
 *
 * @param bytes at least one slot
 * @param reason of this number, for the log
 */
public record CacheDecision(long bytes, String reason) {

  /**
   * The decision for a model.
   *
   * @param free bytes that the engine may take
   * @param versions the number of versions that must fit
   */
  public static CacheDecision of(
      ModelDirectory model, EngineSettings settings, long free, int versions) {
    DataType embedding = model.weight(DecoderGraph.EMBEDDING).entry().dataType();
    return of(model.config(), embedding, settings, free, versions);
  }

  /**
   * The decision for a model of this shape.
   *
   * @param embedding stored format of its embedding
   * @param free bytes that the engine may take
   * @param versions the number of versions that must fit
   */
  public static CacheDecision of(
      DecoderConfig config, DataType embedding, EngineSettings settings, long free, int versions) {
    CacheShape shape = settings.cacheShape(config).withPages(PagedMemory.PAGE_BYTES);
    long all = settings.slots() * shape.slotBytes();
    long least = Math.max(shape.bytes(shape.capacity()), Math.min(all, shape.slotBytes()));
    long wanted = settings.cacheBytes();
    String reason = "set";
    if (wanted == EngineSettings.AUTO) {
      MemoryRequirement without =
          MemoryRequirement.of(config, embedding, settings.withCache(shape.slotBytes()));
      long left = (free - without.opening()) / versions - without.total() + shape.slotBytes();
      int parts = settings.runtime().threads().sharers() + 1;
      wanted = Math.max(0, left) / parts;
      reason = String.format(Locale.ROOT, "1/%d of %s free", parts, MemoryLedger.mib(left));
    }
    if (wanted >= all) {
      return new CacheDecision(all, "all slots");
    }
    return wanted < least
        ? new CacheDecision(least, "one slot")
        : new CacheDecision(wanted, reason);
  }
}
