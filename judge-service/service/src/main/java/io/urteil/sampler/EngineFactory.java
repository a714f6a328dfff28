package io.urteil.sampler;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.DecoderConfig;

/** Starts the engine that samples a run, for a model of this shape. */
@FunctionalInterface
interface EngineFactory {

  /** Sequences that decode together. */
  int SLOTS = Integer.getInteger("urteil.sampler.slots", 128);

  /** Longest sequence, prompt and completion together, unless the model's own limit is lower. */
  int SLOT_CAPACITY = Integer.getInteger("urteil.sampler.slot-capacity", 2048);

  /** Bytes that the keys and values of one open version may take. */
  long CACHE_BYTES = Long.getLong("urteil.sampler.cache-mib", 512) << 20;

  /** A started engine without a model; the caller closes it. */
  InferenceEngine start(DecoderConfig shape);

  /** ONNX Runtime on the CPU. */
  static EngineFactory onnx() {
    return shape -> OnnxEngine.start(settings(shape), "policy");
  }

  /** As many slots as the cache has room for. */
  static EngineSettings settings(DecoderConfig shape) {
    int capacity = Math.min(shape.maxPositions(), SLOT_CAPACITY);
    long slotBytes =
        2L
            * Float.BYTES
            * shape.layers()
            * shape.keyValueHeads()
            * shape.headDimension()
            * capacity;
    int slots = (int) Math.clamp(CACHE_BYTES / slotBytes, 1, SLOTS);
    return EngineSettings.of(slots, capacity);
  }
}
