package io.urteil.engine.runtime;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.graph.Int8Weights;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.WeightTensor;
import io.urteil.model.safetensors.DataType;
import java.util.Arrays;
import java.util.Map;

/**
 * Memory of one open version outside the heap, in bytes.
 *
 * @param weights in the runtime's format: single precision, or eight bits with their scales and the
 *     embedding in its stored format
 * @param slots keys and values: the cache that running sequences share, and the staging slot
 * @param work logits, and the intermediate results of the widest step (an estimate)
 * @param opening temporary copies while the version is opened
 */
public record MemoryRequirement(long weights, long slots, long work, long opening) {

  /** Without temporary copies. */
  MemoryRequirement(long weights, long slots, long work) {
    this(weights, slots, work, 0);
  }

  /** Tensors of the model's width, and of its feed-forward width, that exist at once in a step. */
  private static final int HIDDEN_TENSORS = 8;

  private static final int WIDE_TENSORS = 3;

  /** One of this process, and one of the runtime before it packs. */
  private static final int COPIES_WHILE_OPENING = 2;

  /** The requirement of a model with these settings. */
  public static MemoryRequirement of(ModelDirectory directory, EngineSettings settings) {
    WeightTensor embedding = directory.weight(DecoderGraph.EMBEDDING);
    return of(directory.config(), embedding.entry().dataType(), settings);
  }

  /**
   * @param embedding stored format of the embedding
   */
  public static MemoryRequirement of(
      DecoderConfig config, DataType embedding, EngineSettings settings) {
    long slot = settings.cacheShape(config).slotBytes();
    long slots =
        slot + Math.clamp(settings.cacheBytes(), slot, Math.multiplyExact(slot, settings.slots()));
    long rows =
        Math.max(settings.slots(), Math.max(settings.prefillTokens(), settings.prefillChunk()));
    long work =
        rows
                * (HIDDEN_TENSORS * (long) config.hiddenSize()
                    + WIDE_TENSORS * (long) config.intermediateSize())
            + 2L * settings.slots() * config.vocabularySize();
    int bytes = settings.device().bytes();
    return switch (settings.weights()) {
      case F32 -> new MemoryRequirement(values(config) * bytes, slots, work * Float.BYTES);
      case INT8 ->
          new MemoryRequirement(
              eightBits(config, embedding),
              slots,
              work * Float.BYTES,
              COPIES_WHILE_OPENING * quantised(config));
    };
  }

  private static long values(DecoderConfig config) {
    return config.tensorShapes().values().stream().mapToLong(MemoryRequirement::elements).sum();
  }

  /** The runtime packs bytes with their scales and sums, and also keeps the scales. */
  private static long eightBits(DecoderConfig config, DataType embedding) {
    Map<String, long[]> matrices = Int8Weights.matrices(config);
    long bytes = 0;
    for (Map.Entry<String, long[]> tensor : config.tensorShapes().entrySet()) {
      if (tensor.getKey().equals(DecoderGraph.EMBEDDING)) {
        bytes += elements(tensor.getValue()) * embedding.bytes();
      } else if (!matrices.containsKey(tensor.getKey())) {
        bytes += elements(tensor.getValue()) * Float.BYTES;
      }
    }
    for (long[] shape : matrices.values()) {
      bytes += Int8Weights.bytes(shape) + 2 * Int8Weights.scaleCount(shape) * Float.BYTES;
    }
    return bytes;
  }

  private static long quantised(DecoderConfig config) {
    return Int8Weights.matrices(config).values().stream().mapToLong(Int8Weights::bytes).sum();
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** The temporary memory of opening. */
  public MemoryRequirement whileOpening() {
    return new MemoryRequirement(opening, 0, 0);
  }

  /** Memory while the version is open, in bytes. */
  public long total() {
    return weights + slots + work;
  }
}
