package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The result of a request: its samples in the order of their index, and the version of the weights
 * that sampled all of their tokens.
 *
 * @param watched natural logarithms of the model's own probabilities of the request's watched
 *     tokens directly after the prompt, in their order: the softmax of its logits, independent of
 *     the sampling; empty if none were watched or the prompt was not processed
 */
public record Completion(
    String requestId, ModelVersion version, List<CompletionSample> samples, List<Double> watched) {

  public Completion {
    requireNonNull(requestId, "requestId");
    requireNonNull(version, "version");
    samples = List.copyOf(samples);
    watched = List.copyOf(watched);
  }

  /** The result of a request without watched tokens. */
  public Completion(String requestId, ModelVersion version, List<CompletionSample> samples) {
    this(requestId, version, samples, List.of());
  }
}
