package io.urteil.trainer.objective;

/** The learning rate of each optimiser step; steps count from 0. */
public sealed interface LearningRate {

  double at(int step);

  /** A constant rate. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      requirePositive(rate, "rate");
    }

    @Override
    public double at(int step) {
      return rate;
    }
  }

  /**
   * Linear warm-up times a half cosine, plus 1 % of the peak: {@code peak (min(1, (s + 1)/warmUp)
   * (0.5 + 0.5 cos(pi s/steps)) + 0.01)}. From {@code steps} on it stays at 1 % of the peak.
   */
  record WarmUpCosine(double peak, int warmUpSteps, int steps) implements LearningRate {
    private static final double FLOOR = 0.01;

    public WarmUpCosine {
      requirePositive(peak, "peak");
      if (warmUpSteps < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "warmUpSteps: %d, steps: %d (expected: each >= 1)".formatted(warmUpSteps, steps));
      }
    }

    @Override
    public double at(int step) {
      double warmUp = Math.min(1, (step + 1.0) / warmUpSteps);
      double cosine = 0.5 + 0.5 * Math.cos(Math.PI * Math.min(step, steps) / steps);
      return peak * (warmUp * cosine + FLOOR);
    }
  }

  private static void requirePositive(double rate, String name) {
    if (!(rate > 0) || !Double.isFinite(rate)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a positive number)".formatted(name, rate));
    }
  }
}
