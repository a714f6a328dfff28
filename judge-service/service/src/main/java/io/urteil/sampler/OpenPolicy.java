package io.urteil.sampler;

import io.urteil.engine.InferenceEngine;
import io.urteil.event.EngineStamp;
import io.urteil.event.PolicyStamp;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version that can be sampled from.
 *
 * @param contextLength most tokens of prompt and completion together
 * @param stopTokenIds tokens that end a completion
 * @param chat how it reads messages; null when the model has no chat template
 * @param engineStamp what its rollouts say of the engine
 * @param policyStamp what its rollouts say of the version
 */
record OpenPolicy(
    PolicyVersion version,
    InferenceEngine engine,
    Tokenizer tokenizer,
    int contextLength,
    List<Integer> stopTokenIds,
    @Nullable Chat chat,
    EngineStamp engineStamp,
    PolicyStamp policyStamp) {

  /** A chat template, and the encoder that keeps messages from spelling control tokens. */
  record Chat(ChatTemplate template, PromptEncoder encoder) {}

  OpenPolicy {
    stopTokenIds = List.copyOf(stopTokenIds);
  }

  static OpenPolicy of(
      PolicyVersion version,
      InferenceEngine engine,
      Tokenizer tokenizer,
      int contextLength,
      List<Integer> stopTokenIds,
      @Nullable Chat chat) {
    return new OpenPolicy(
        version,
        engine,
        tokenizer,
        contextLength,
        stopTokenIds,
        chat,
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

  /** What rollouts say of the engine whose prompt this chat template made. */
  EngineStamp engineStamp(ChatTemplate template) {
    return EngineStamp.newBuilder(engineStamp).setTemplateHash(template.hash()).build();
  }
}
