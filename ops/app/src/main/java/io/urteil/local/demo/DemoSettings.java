package io.urteil.local.demo;

import java.nio.file.Path;

/**
 * The settings of the demo that a user may change.
 *
 * @param steps updates to make, at least 1
 * @param seed seed of data and sampling
 * @param lag exact policy lag of sampling in versions, at least 0
 * @param learningRate learning rate of AdamW, above 0
 * @param behaviourLogprobs whether the importance ratio uses the recorded behaviour
 *     log-probabilities; false is an ablation
 * @param evaluateEvery versions between two held-out evaluations, at least 1
 * @param directory the directory of all files of the demo
 */
public record DemoSettings(
    int steps,
    long seed,
    int lag,
    double learningRate,
    boolean behaviourLogprobs,
    int evaluateEvery,
    Path directory) {

  public DemoSettings {
    require(steps >= 1, "steps", steps, "at least 1");
    require(lag >= 0, "lag", lag, "at least 0");
    require(learningRate > 0, "learning-rate", learningRate, "above 0");
    require(evaluateEvery >= 1, "evaluate-every", evaluateEvery, "at least 1");
    directory = directory.toAbsolutePath().normalize();
  }

  private static void require(boolean good, String name, Object value, String expectation) {
    if (!good) {
      throw new IllegalArgumentException(
          "--%s: %s (expected: %s)".formatted(name, value, expectation));
    }
  }
}
