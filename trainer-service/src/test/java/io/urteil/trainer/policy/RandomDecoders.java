package io.urteil.trainer.policy;

import io.urteil.model.DecoderConfig;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Small models and rows for the tests of this package. */
final class RandomDecoders {

  private RandomDecoders() {}

  /** Two layers, grouped queries, biases, tied; heads times head dimension is not the width. */
  static DecoderConfig qwen2() {
    return new DecoderConfig(
        "qwen2",
        new DecoderConfig.Dimensions(8, 12, 2, 4, 2, 4, 11, 64),
        1e-6,
        10_000,
        true,
        List.of(1));
  }

  /** Query and key norms, no biases, a head of its own. */
  static DecoderConfig qwen3() {
    return new DecoderConfig(
        "qwen3",
        new DecoderConfig.Dimensions(8, 12, 2, 4, 1, 6, 11, 64),
        1e-6,
        10_000,
        false,
        List.of(1));
  }

  /** Moves every parameter off the point where biases are 0 and norms are 1. */
  static Parameters scattered(Parameters parameters, long seed) {
    Random random = new Random(seed);
    parameters.forEach(
        (name, tensor) -> {
          double[] noise = random.doubles(tensor.numel(), -0.3, 0.3).toArray();
          try (PointerScope scope = new PointerScope();
              NoGradGuard noGradient = new NoGradGuard()) {
            tensor.add_(Tensor.create(noise, tensor.shape()).to(tensor.scalar_type()));
          }
        });
    return parameters;
  }

  /** A row of random tokens whose first {@code prompt} are not trained. */
  static TrainingSequence row(Random random, int prompt, int length, double advantage) {
    int[] tokens = random.ints(length, 0, 11).toArray();
    boolean[] trained = new boolean[length];
    float[] behaviour = new float[length];
    for (int t = prompt; t < length; t++) {
      trained[t] = true;
      behaviour[t] = (float) (-2.4 + 0.6 * random.nextGaussian());
    }
    return new TrainingSequence(tokens, trained, behaviour, advantage);
  }
}
