package io.urteil.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The token-to-id map of a {@code tokenizer.json}: the model's vocabulary and the added tokens. */
final class TokenizerVocabulary {

  private static final int ID_MAX = 1 << 24;
  private static final int ADDED_MAX = 1 << 16;

  private TokenizerVocabulary() {}

  /** Vocabulary entries and added tokens that no tokenizer can have, by key. */
  static List<String> problems(JsonNode root) {
    List<String> problems = new ArrayList<>();
    JsonNode vocabulary = root.path("model").path("vocab");
    if (!vocabulary.isContainerNode()) {
      problems.add("model.vocab: missing (expected: tokens and their ids)");
    }
    Map<Integer, String> tokens = new HashMap<>();
    if (vocabulary.isObject()) {
      vocabulary
          .properties()
          .forEach(
              entry -> check("model.vocab", entry.getKey(), entry.getValue(), tokens, problems));
    } else if (vocabulary.size() > ID_MAX) {
      problems.add(
          "model.vocab: %d pieces (expected: at most %d)".formatted(vocabulary.size(), ID_MAX));
    }
    JsonNode addedTokens = root.path("added_tokens");
    if (addedTokens.size() > ADDED_MAX || !(addedTokens.isArray() || addedTokens.isEmpty())) {
      problems.add(
          "added_tokens: %d values in %s (expected: an array of at most %d)"
              .formatted(addedTokens.size(), addedTokens.getNodeType(), ADDED_MAX));
      return problems;
    }
    Map<Integer, String> added = new HashMap<>();
    Set<String> contents = new HashSet<>();
    for (int i = 0; i < addedTokens.size(); i++) {
      String key = "added_tokens[%d]".formatted(i);
      String content = addedTokens.get(i).path("content").asText();
      if (content.isEmpty() || !contents.add(content)) {
        problems.add(
            "%s.content: '%s' (expected: a text that no other token has)".formatted(key, content));
      }
      check(key, content, addedTokens.get(i).path("id"), added, problems);
    }
    return problems;
  }

  private static void check(
      String key, String token, JsonNode id, Map<Integer, String> tokens, List<String> problems) {
    if (!id.isIntegralNumber()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() > ID_MAX) {
      problems.add("%s: id %s of token '%s' (expected: 0 to %d)".formatted(key, id, token, ID_MAX));
      return;
    }
    String other = tokens.putIfAbsent(id.intValue(), token);
    if (other != null) {
      problems.add(
          "%s: id %s of token '%s' (expected: its own id, not that of '%s')"
              .formatted(key, id, token, other));
    }
  }

  static Map<String, Integer> read(JsonNode root) {
    JsonNode vocabulary = root.path("model").path("vocab");
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
  static List<String> misnumbered(JsonNode root, HuggingFaceTokenizer tokenizer) {
    List<String> problems = new ArrayList<>();
    for (JsonNode added : root.path("added_tokens")) {
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
