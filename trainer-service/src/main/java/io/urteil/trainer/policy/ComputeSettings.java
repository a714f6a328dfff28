package io.urteil.trainer.policy;

/**
 * Resource limits of a step.
 *
 * @param threads libtorch's threads; with one, results are bit-identical on the same machine
 * @param microBatchTokens maximum padded tokens in one pass of the model
 */
public record ComputeSettings(int threads, int microBatchTokens) {

  public ComputeSettings {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: %d (expected: >= 1)".formatted(threads));
    }
    if (microBatchTokens < 1) {
      throw new IllegalArgumentException(
          "microBatchTokens: %d (expected: >= 1)".formatted(microBatchTokens));
    }
  }

  /** One thread, 2,048 tokens. */
  public static ComputeSettings small() {
    return new ComputeSettings(1, 2048);
  }
}
