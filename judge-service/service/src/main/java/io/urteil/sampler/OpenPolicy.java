package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.event.EngineStamp;
import io.urteil.event.PolicyStamp;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.PromptTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version that can be sampled from.
 *
 * @param contextLength most tokens of prompt and completion together
 * @param stopTokenIds tokens that end a completion
 * @param promptTokens how it reads prompts; null when plain text can spell its control tokens, so
 *     that it takes trusted raw text only
 * @param templateHash of its chat template; null when it has none
 * @param engineStamp what its rollouts say of the engine
 * @param policyStamp what its rollouts say of the version
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

  /** What rollouts say of the engine when the chat template made their prompt. */
  EngineStamp templatedStamp() {
    return EngineStamp.newBuilder(engineStamp).setTemplateHash(templateHash).build();
  }
}
