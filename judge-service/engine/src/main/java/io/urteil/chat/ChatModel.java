package io.urteil.chat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Completes judge prompts. Thread-safe and non-blocking; concurrent requests are batched.
 *
 * <p>A sample that ends early is a {@link ChatSample} with the stop reason. The future fails with
 * {@link io.urteil.engine.EngineException} after a temporary failure, and with {@link
 * RefusedRequestException} if a retry would fail, too.
 */
public interface ChatModel extends AutoCloseable {

  /** The name of the model in judgements, with its version if it has one. */
  String name();

  /** Number of samples that it computes at the same time; further ones wait. */
  default int concurrency() {
    return Integer.MAX_VALUE;
  }

  /** The server of a model that is not in this process, for messages; empty for a local model. */
  default Optional<String> address() {
    return Optional.empty();
  }

  /**
   * Checks that this model can be constrained to the grammar of this name.
   *
   * @throws IllegalArgumentException for an unknown grammar, one that the model's vocabulary cannot
   *     spell, or a model that is not in this process
   */
  default void requireGrammar(String grammar) {
    throw new IllegalArgumentException(
        "grammar: '%s' for model %s (expected: none, or a model in this process)"
            .formatted(grammar, name()));
  }

  /** Samples the requested number of completions. */
  CompletableFuture<ChatCompletion> complete(ChatRequest request);

  /**
   * The probability of each choice as the next token after the prompt. The sampling settings of the
   * request are ignored: the distribution is that of the model at temperature 1.
   */
  CompletableFuture<ChoiceProbabilities> nextTokens(
      ChatRequest request, java.util.List<String> choices);

  /** Cancels all requests and releases all resources. Idempotent. */
  @Override
  void close();
}
