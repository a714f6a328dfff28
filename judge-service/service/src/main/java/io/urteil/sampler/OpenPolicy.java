package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.event.EngineStamp;
import io.urteil.event.PolicyStamp;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.PromptTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy version that is loaded in an engine.
 *
 * @param contextLength maximum tokens of prompt and completion together
 * @param stopTokenIds tokens that end a completion
 * @param promptTokens encoder of prompts; null if the tokenizer cannot encode control tokens as
 *     plain text, so that only trusted raw text can be sampled
 * @param templateHash of the chat template; null without one
 * @param engineStamp engine metadata of the rollouts
 * @param policyStamp version metadata of the rollouts
 */
record OpenPolicy(
    PolicyVersion version,
    InferenceEngine engine,
    Tokenizer tokenizer,
    int contextLength,
    List<Integer> stopTokenIds,
    @Nullable PromptTokens promptTokens,
    @Nullable String templateHash,
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
      List<Integer> stopTokenIds,
      @Nullable PromptTokens promptTokens,
      @Nullable String templateHash) {
    return new OpenPolicy(
        version,
        engine,
        tokenizer,
        contextLength,
        stopTokenIds,
        promptTokens,
        templateHash,
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

  /** Engine metadata of rollouts whose prompt was rendered with the chat template. */
  EngineStamp templatedStamp() {
    return EngineStamp.newBuilder(engineStamp).setTemplateHash(templateHash).build();
  }
}
