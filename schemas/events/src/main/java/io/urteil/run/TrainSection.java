package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * @param objective grpo or sft
 * @param steps number of updates
 * @param clipLow the importance ratio is clipped to at least {@code 1 - clipLow}
 * @param clipHigh the importance ratio is clipped to at most {@code 1 + clipHigh}
 * @param normalise divisor of the loss
 * @param kl weight of the k3 estimate of the divergence from version 0
 * @param gradientClip maximum norm of the gradient
 * @param importance denominator of the importance ratio
 */
public record TrainSection(
    String objective,
    int steps,
    double learningRate,
    double clipLow,
    double clipHigh,
    Normalise normalise,
    double kl,
    double gradientClip,
    double beta1,
    double beta2,
    double weightDecay,
    Importance importance) {

  private static final List<String> OBJECTIVES = List.of("grpo", "sft");
  private static final List<String> NOT_IMPLEMENTED =
      List.of("dpo", "bradley-terry", "gspo", "cispo");

  /** Divisor of the sum over tokens. */
  public enum Normalise {
    /** All trained tokens of the batch (DAPO). */
    TOKEN,
    /** Each sequence's length, then the number of sequences (GRPO). */
    SEQUENCE,
    /** sampling.maxTokens times the number of sequences (Dr. GRPO). */
    CONSTANT
  }

  /** Denominator of the importance ratio. */
  public enum Importance {
    /** The log-probabilities recorded at sampling. */
    BEHAVIOUR,
    /** The trainer's own, detached: ratio 1. An ablation; unsafe when sampling lags. */
    NONE
  }

  static TrainSection of(Keys<TrainSection> keys) {
    String objective =
        keys.word(
            "objective",
            TrainSection::objective,
            OBJECTIVES,
            "The objective of the optimiser.",
            rejected ->
                "one of grpo, sft"
                    + (NOT_IMPLEMENTED.contains(rejected)
                        ? "; " + rejected + " is not implemented yet"
                        : ""));
    double[] clip =
        keys.pair(
            "clip",
            train -> List.of(train.clipLow(), train.clipHigh()),
            List.of(0.2, 0.2),
            Bounds.ABOVE_0.expecting("two numbers above 0, such as [0.2, 0.2]"),
            "The importance ratio is clipped at 1 minus the first and 1 plus the second number.");
    double[] betas =
        keys.pair(
            "betas",
            train -> List.of(train.beta1(), train.beta2()),
            List.of(0.9, 0.95),
            new Bounds("two numbers of at least 0, below 1", 0, false, Math.nextDown(1.0)),
            "Decay rates of AdamW's moments.");
    TrainSection train =
        new TrainSection(
            objective,
            keys.integer(
                "steps",
                TrainSection::steps,
                null,
                Bounds.INTEGER_FROM_1,
                "Updates to make; then the trainer ends."),
            keys.number(
                "learningRate",
                TrainSection::learningRate,
                null,
                Bounds.ABOVE_0.expecting("a number above 0, such as 3.0e-5"),
                "Learning rate of AdamW, constant over the run."),
            clip[0],
            clip[1],
            keys.choice(
                "normalise",
                TrainSection::normalise,
                Normalise.class,
                Normalise.TOKEN,
                "Divisor of the sum over tokens: all trained tokens of the batch (DAPO),"
                    + " each sequence's length and then the number of sequences (GRPO), or"
                    + " sampling.maxTokens times that number (Dr. GRPO)."),
            keys.number(
                "kl",
                TrainSection::kl,
                0.0,
                Bounds.FROM_0,
                "Weight of the k3 estimate of the divergence from version 0; 0 is off."),
            keys.number(
                "gradientClip",
                TrainSection::gradientClip,
                1.0,
                Bounds.ABOVE_0,
                "Maximum norm of the gradient."),
            betas[0],
            betas[1],
            keys.number(
                "weightDecay",
                TrainSection::weightDecay,
                0.0,
                Bounds.FROM_0,
                "Weight decay of AdamW."),
            keys.choice(
                "importance",
                TrainSection::importance,
                Importance.class,
                Importance.BEHAVIOUR,
                "Denominator of the ratio: the log-probabilities recorded at sampling, or the"
                    + " trainer's own (ratio 1). none is an ablation and unsafe when sampling lags."));
    keys.first(
        "objective", "steps", "learningRate", "clip", "normalise", "kl", "gradientClip", "betas");
    return train;
  }

  /** A copy with another objective. */
  public TrainSection withObjective(String other) {
    return with(other, steps, learningRate, importance);
  }

  /** A copy with another number of updates. */
  public TrainSection withSteps(int other) {
    return with(objective, other, learningRate, importance);
  }

  /** A copy with another learning rate. */
  public TrainSection withLearningRate(double other) {
    return with(objective, steps, other, importance);
  }

  /** A copy with another denominator of the importance ratio. */
  public TrainSection withImportance(Importance other) {
    return with(objective, steps, learningRate, other);
  }

  private TrainSection with(
      String objective, int steps, double learningRate, Importance importance) {
    return new TrainSection(
        objective,
        steps,
        learningRate,
        clipLow,
        clipHigh,
        normalise,
        kl,
        gradientClip,
        beta1,
        beta2,
        weightDecay,
        importance);
  }
}
