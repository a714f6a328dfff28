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
 */
record OpenPolicy(
    PolicyVersion version,
    InferenceEngine engine,
    Tokenizer tokenizer,
    int contextLength,
    List<Integer> stopTokenIds) {

  PolicyStamp policyStamp() {
    return PolicyStamp.newBuilder()
        .setModel(version.model())
        .setLineage(version.lineage())
        .setVersion(version.number())
        .build();
  }

  EngineStamp engineStamp() {
    return EngineStamp.newBuilder()
        .setName(engine.getClass().getSimpleName())
        .setDtype("f32")
        .setTokenizerHash(tokenizer.hash())
        .build();
  }
}
