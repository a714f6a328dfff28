package io.urteil.trainer.objective;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Group relative policy optimisation with a clipped importance ratio.
 *
 * <p>For a trained token with log-probability l, behaviour log-probability b and the row's
 * advantage A: {@code r = exp(l - b)}, {@code loss = w (-min(r A, clip(r, 1 - low, 1 + high) A) +
 * beta k3)} with token weight w from {@link Normalisation} (DeepSeekMath, Shao et al. 2024, eq. 3;
 * unequal bounds are DAPO's clip-higher, Yu et al. 2025, eq. 10). The KL estimate against a frozen
 * reference with log-probability f is {@code k3 = exp(f - l) - (f - l) - 1}, never negative
 * (Schulman 2020, "Approximating KL divergence"; its gradient flows through l only).
 *
 * <p>Derivatives: {@code d/dl -min(..) = -r A}, or 0 where the clip is active, that is r above 1 +
 * high with A positive or below 1 - low with A negative; {@code d k3/dl = 1 - exp(f - l)}.
 *
 * @param clipLow maximum decrease of the ratio below 1, at least 0
 * @param clipHigh maximum increase above 1, at least 0
 * @param klCoefficient beta; with 0 no reference is needed
 * @param temperature of the sampler; the trainer's log-probabilities use the same
 */
public record GrpoObjective(
    Normalisation normalisation,
    double clipLow,
    double clipHigh,
    double klCoefficient,
    double temperature,
    ImportanceCorrection importanceCorrection)
    implements Objective {

  public GrpoObjective {
    requireNonNull(normalisation, "normalisation");
    requireNonNull(importanceCorrection, "importanceCorrection");
    expect(clipLow >= 0 && Double.isFinite(clipLow), "clipLow", clipLow, ">= 0");
    expect(clipHigh >= 0 && Double.isFinite(clipHigh), "clipHigh", clipHigh, ">= 0");
    expect(klCoefficient >= 0 && Double.isFinite(klCoefficient), "kl", klCoefficient, ">= 0");
    expect(temperature > 0 && Double.isFinite(temperature), "temperature", temperature, "> 0");
  }

  @Override
  public boolean needsSamplersTemperature() {
    return true;
  }

  @Override
  public boolean needsReference() {
    return klCoefficient > 0;
  }

  @Override
  public boolean contributes(TrainingSequence sequence) {
    return sequence.trainedCount() > 0 && (sequence.advantage() != 0 || klCoefficient > 0);
  }

  @Override
  public double[] tokenWeights(List<TrainingSequence> batch) {
    return normalisation.tokenWeights(batch);
  }

  @Override
  public SequenceLoss evaluate(
      TrainingSequence sequence,
      double tokenWeight,
      double[] logprobs,
      double[] referenceLogprobs) {
    if (importanceCorrection == ImportanceCorrection.BEHAVIOUR
        && !sequence.hasBehaviourLogprobs()) {
      throw new IllegalArgumentException(
          "behaviourLogprobs: none (expected: one per trained token; the importance ratio needs"
              + " them)");
    }
    int[] positions = sequence.trainedPositions();
    double advantage = sequence.advantage();
    double[] gradient = new double[positions.length];
    double loss = 0;
    double kl = 0;
    int clipped = 0;
    for (int i = 0; i < positions.length; i++) {
      double ratio =
          switch (importanceCorrection) {
            case BEHAVIOUR -> Math.exp(logprobs[i] - sequence.behaviourLogprobs()[positions[i]]);
            case NONE -> 1;
          };
      double bounded = Math.clamp(ratio, 1 - clipLow, 1 + clipHigh);
      double surrogate = Math.min(ratio * advantage, bounded * advantage);
      boolean clipActive = bounded * advantage < ratio * advantage;
      clipped += clipActive ? 1 : 0;
      loss -= tokenWeight * surrogate;
      gradient[i] = clipActive ? 0 : -tokenWeight * ratio * advantage;
      if (needsReference()) {
        double difference = referenceLogprobs[i] - logprobs[i];
        double k3 = Math.expm1(difference) - difference;
        kl += tokenWeight * k3;
        loss += tokenWeight * klCoefficient * k3;
        gradient[i] -= tokenWeight * klCoefficient * Math.expm1(difference);
      }
    }
    return new SequenceLoss(loss, gradient, kl, clipped);
  }

  private static void expect(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
