package io.urteil.model;

import java.util.List;

/** Scaling of a model's rotary frequencies for contexts longer than those of its training. */
public sealed interface RotaryScaling {

  /** No scaling. */
  record None() implements RotaryScaling {}

  /**
   * The {@code llama3} type: wavelengths beyond {@code originalPositions / lowFrequencyFactor} are
   * multiplied by {@code factor}, those below {@code originalPositions / highFrequencyFactor} are
   * unchanged, those between are interpolated (Llama 3.1; transformers' modeling_rope_utils).
   *
   * @param originalPositions positions of the training before the scaling
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
      implements RotaryScaling {}

  RotaryScaling NONE = new None();

  /**
   * Radians per position of each pair of a head's dimensions: {@code theta^(-2i/d)}, scaled.
   *
   * @param headDimension d
   */
  default double[] frequencies(double theta, int headDimension) {
    double[] frequencies = new double[headDimension / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaled(Math.pow(theta, -2.0 * i / headDimension));
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    return switch (this) {
      case None none -> frequency;
      case Llama3 llama3 -> scaled(llama3, frequency);
    };
  }

  private static double scaled(Llama3 scaling, double frequency) {
    double turns = scaling.originalPositions() * frequency / (2 * Math.PI);
    if (turns < scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    if (turns > scaling.highFrequencyFactor()) {
      return frequency;
    }
    double smooth =
        (turns - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }

  /** The invalid values; empty if all are valid. */
  default List<String> problems() {
    if (!(this instanceof Llama3 scaling)) {
      return List.of();
    }
    return scaling.factor() >= 1
            && scaling.lowFrequencyFactor() > 0
            && scaling.highFrequencyFactor() > scaling.lowFrequencyFactor()
            && scaling.originalPositions() >= 1
        ? List.of()
        : List.of(
            ("rope_scaling: factor %s, low_freq_factor %s, high_freq_factor %s,"
                    + " original_max_position_embeddings %d (expected: a factor >= 1, two ascending"
                    + " numbers above 0, a whole number >= 1)")
                .formatted(
                    scaling.factor(),
                    scaling.lowFrequencyFactor(),
                    scaling.highFrequencyFactor(),
                    scaling.originalPositions()));
  }
}
