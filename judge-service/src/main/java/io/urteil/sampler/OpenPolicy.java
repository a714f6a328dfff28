package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.event.EngineStamp;
import io.urteil.event.PolicyStamp;
import io.urteil.model.Tokenizer;
import java.util.List;

/**
 * A version that can be sampled from.
 *
 * @param contextLength most tokens of prompt and completion together
 * @param stopTokenIds tokens that end a completion
 * @param engineStamp what its rollouts say of the engine
 * @param policyStamp what its rollouts say of the version
 */
record OpenPolicy(
    PolicyVersion version,
    InferenceEngine engine,
    Tokenizer tokenizer,
    int contextLength,
    List<Integer> stopTokenIds,
    EngineStamp engineStamp,
    PolicyStamp policyStamp) {

  OpenPolicy {
    stopTokenIds = List.copyOf(stopTokenIds);
  }

  static OpenPolicy of(
      PolicyVersion version,
      InferenceEngine engine,
      Tokenizer tokenizer,
      int contextLength,
      List<Integer> stopTokenIds) {
    return new OpenPolicy(
        version,
        engine,
        tokenizer,
        contextLength,
        stopTokenIds,
        EngineStamp.newBuilder()
            .setName(engine.getClass().getSimpleName())
            .setDtype("f32")
            .setTokenizerHash(tokenizer.hash())
            .build(),
        PolicyStamp.newBuilder()
            .setModel(version.model())
            .setLineage(version.lineage())
            .setVersion(version.number())
            .build());
  }
}
