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
 * What a run file says of a completion's form, for a tokenizer. Grammars are made once for each
 * vocabulary, whichever versions and runs share it. Safe for any thread.
 */
final class CompletionConstraints {

  private static final Map<String, VerdictGrammars> BY_TOKENIZER = new ConcurrentHashMap<>();

  private CompletionConstraints() {}

  /**
   * @param name empty for none
   * @throws IllegalArgumentException if there is no such grammar for this tokenizer
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
   * @param texts empty for none
   * @throws IllegalArgumentException if the vocabulary is coded in a way that is not known
   */
  static @Nullable StopSequences stopTexts(List<String> texts, Tokenizer tokenizer) {
    return texts.isEmpty() ? null : new StopSequences(texts, tokenizer.texts());
  }
}
