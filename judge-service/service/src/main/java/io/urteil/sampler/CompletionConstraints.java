package io.urteil.sampler;

import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.StopSequences;
import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.model.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates the grammar and stop sequences of a run file for a tokenizer. Grammars are cached per
 * vocabulary and shared by versions and runs. Thread-safe.
 */
final class CompletionConstraints {

  private static final Map<String, VerdictGrammars> BY_TOKENIZER = new ConcurrentHashMap<>();

  private CompletionConstraints() {}

  /**
   * The grammar of this name; null for an empty name.
   *
   * @throws IllegalArgumentException if the tokenizer does not support the grammar
   */
  static @Nullable Grammar grammar(String name, Tokenizer tokenizer) {
    if (name.isEmpty()) {
      return null;
    }
    return BY_TOKENIZER
        .computeIfAbsent(tokenizer.hash(), hash -> new VerdictGrammars(tokenizer.texts()))
        .named(name);
  }

  /**
   * The stop sequences of these texts; null without any.
   *
   * @throws IllegalArgumentException if the encoding of the vocabulary is unknown
   */
  static @Nullable StopSequences stopTexts(List<String> texts, Tokenizer tokenizer) {
    return texts.isEmpty() ? null : new StopSequences(texts, tokenizer.texts());
  }
}
