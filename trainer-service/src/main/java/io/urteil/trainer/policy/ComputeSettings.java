package io.urteil.trainer.policy;

/**
 * How much of the machine a step may take.
 *
 * @param threads libtorch's threads; with one, results repeat bit by bit on the same machine
 * @param microBatchTokens bound on the padded tokens that go through the model together
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
