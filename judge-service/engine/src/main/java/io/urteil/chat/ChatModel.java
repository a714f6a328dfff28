package io.urteil.chat;

import java.util.concurrent.CompletableFuture;

/**
 * Completes judge prompts. Every method may be called from any thread and none waits; many requests
 * at once are welcome, since a model answers them together.
 *
 * <p>A sample that ends early, for whatever reason, is a {@link ChatSample} with that reason. The
 * future fails with {@link io.urteil.engine.EngineException} when nothing can be said now, and with
 * {@link RefusedRequestException} when asking again would not help.
 */
public interface ChatModel extends AutoCloseable {

  /** What the model is called in judgements: a name, and its version where it has one. */
  String name();

  /** Completes the prompt once for each sample asked for. */
  CompletableFuture<ChatCompletion> complete(ChatRequest request);

  /**
   * How likely each of the choices is as the next thing the model says after the prompt. The
   * sampling of the request is not looked at: the distribution is the model's own, at temperature
   * 1.
   */
  CompletableFuture<ChoiceProbabilities> nextTokens(
      ChatRequest request, java.util.List<String> choices);

  /** Ends what is under way and gives everything back. Idempotent. */
  @Override
  void close();
}
