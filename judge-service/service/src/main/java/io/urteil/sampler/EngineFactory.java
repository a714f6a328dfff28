package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.DecoderConfig;

/** Starts the engine that samples a run, for a model of this shape. */
@FunctionalInterface
interface EngineFactory {

  /** A started engine without a model; the caller closes it. */
  InferenceEngine start(DecoderConfig shape);

  /** Longest sequence, prompt and completion together, unless the model's own limit is lower. */
  default int slotCapacity() {
    return SamplerSettings.defaults().models().slotCapacity();
  }

  /** ONNX Runtime. */
  static EngineFactory onnx(SamplerSettings settings) {
    return new Onnx(settings);
  }

  /** Engines of ONNX Runtime with as many slots as the cache has room for. */
  record Onnx(SamplerSettings settings) implements EngineFactory {

    @Override
    public InferenceEngine start(DecoderConfig shape) {
      return OnnxEngine.start(settings.models().fit(shape, settings.runtime()), "policy");
    }

    @Override
    public int slotCapacity() {
      return settings.models().slotCapacity();
    }
  }
}
