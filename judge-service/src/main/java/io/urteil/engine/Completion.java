package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The answer to a request: its samples in the order of their index, and the one version of the
 * weights that drew all of their tokens.
 */
public record Completion(String requestId, ModelVersion version, List<CompletionSample> samples) {

  public Completion {
    requireNonNull(requestId, "requestId");
    requireNonNull(version, "version");
    samples = List.copyOf(samples);
  }
}
