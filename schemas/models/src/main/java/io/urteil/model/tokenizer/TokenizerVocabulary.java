package io.urteil.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.file.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The token-to-id map of a {@code tokenizer.json}: the model's vocabulary and the added tokens. */
final class TokenizerVocabulary {

  private TokenizerVocabulary() {}

  static Map<String, Integer> read(byte[] json) throws IOException {
    JsonNode root = StrictJson.MAPPER.readTree(json);
    JsonNode vocabulary = root.path("model").path("vocab");
    if (!vocabulary.isContainerNode()) {
      throw new IllegalArgumentException("model.vocab: missing (expected: tokens and their ids)");
    }
    Map<String, Integer> ids = new HashMap<>();
    if (vocabulary.isArray()) {
      // Unigram models list [piece, score] in the order of their ids.
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.get(id).path(0).asText(), id);
      }
    } else {
      vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
    }
    for (JsonNode added : root.path("added_tokens")) {
      ids.put(added.path("content").asText(), added.path("id").asInt());
    }
    return Map.copyOf(ids);
  }

  /**
   * Added tokens whose ids the library changes, because they are neither in the model's vocabulary
   * nor directly after it.
   */
  static List<String> misnumbered(byte[] json, HuggingFaceTokenizer tokenizer) throws IOException {
    List<String> problems = new ArrayList<>();
    for (JsonNode added : StrictJson.MAPPER.readTree(json).path("added_tokens")) {
      String content = added.path("content").asText();
      long[] ids = tokenizer.encode(content, false, false).getIds();
      if (ids.length == 1 && ids[0] != added.path("id").asLong()) {
        problems.add(
            ("added token '%s': id %d, but encoded as %d (expected: its id in the vocabulary, or the"
                    + " next one after it)")
                .formatted(content, added.path("id").asLong(), ids[0]));
      }
    }
    return problems;
  }
}
