package io.urteil.trainer.policy;

/**
 * AdamW and gradient clipping.
 *
 * @param maxGradientNorm gradients are scaled down to this Euclidean norm
 */
public record OptimiserSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {

  public OptimiserSettings {
    expect(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 to below 1");
    expect(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 to below 1");
    expect(epsilon > 0, "epsilon", epsilon, "> 0");
    expect(weightDecay >= 0, "weightDecay", weightDecay, ">= 0");
    expect(maxGradientNorm > 0, "maxGradientNorm", maxGradientNorm, "> 0");
  }

  /** For reinforcement learning: no weight decay, which would pull away from the sampled policy. */
  public static OptimiserSettings reinforcement() {
    return new OptimiserSettings(0.9, 0.95, 1e-8, 0, 1);
  }

  /** For supervised training. */
  public static OptimiserSettings supervised() {
    return new OptimiserSettings(0.9, 0.95, 1e-8, 0.01, 1);
  }

  private static void expect(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
