package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The answer to a request: its samples in the order of their index, and the one version of the
 * weights that drew all of their tokens.
 *
 * @param watched natural logarithms of the probabilities that the model itself gives the request's
 *     watched tokens right behind the prompt, in their order: the softmax of its logits, whatever
 *     the sampling; empty if none were watched or the prompt was not read
 */
public record Completion(
    String requestId, ModelVersion version, List<CompletionSample> samples, List<Double> watched) {

  public Completion {
    requireNonNull(requestId, "requestId");
    requireNonNull(version, "version");
    samples = List.copyOf(samples);
    watched = List.copyOf(watched);
  }

  /** The answer to a request that watched nothing. */
  public Completion(String requestId, ModelVersion version, List<CompletionSample> samples) {
    this(requestId, version, samples, List.of());
  }
}
