package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.model.DecoderConfig;

/** Starts the engine of a run. */
@FunctionalInterface
interface EngineFactory {

  /** A started engine for models of this shape, without a model; the caller closes it. */
  InferenceEngine start(DecoderConfig shape);

  /** Maximum tokens of prompt and completion; the model's limit may be lower. */
  default int slotCapacity() {
    return SamplerSettings.defaults().models().slotCapacity();
  }

  /** A factory of ONNX Runtime engines. */
  static EngineFactory onnx(SamplerSettings settings) {
    return new Onnx(settings);
  }

  /** ONNX Runtime engines with the slots of these settings. */
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
