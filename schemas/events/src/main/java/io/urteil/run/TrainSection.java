package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * @param objective grpo or sft
 * @param steps updates to make
 * @param clipLow the ratio is clipped at 1 - clipLow
 * @param clipHigh and at 1 + clipHigh
 * @param normalise what the loss is divided by
 * @param kl weight of the k3 estimate against version 0
 * @param gradientClip largest gradient norm
 * @param importance whether ratios are taken against the behaviour log-probabilities
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
  private static final List<String> NOT_BUILT = List.of("dpo", "bradley-terry", "gspo", "cispo");

  /** What the sum over tokens is divided by. */
  public enum Normalise {
    /** All trained tokens of the batch (DAPO). */
    TOKEN,
    /** Each sequence's length, then the number of sequences (GRPO). */
    SEQUENCE,
    /** sampling.maxTokens times the number of sequences (Dr. GRPO). */
    CONSTANT
  }

  /** What the importance ratio is taken against. */
  public enum Importance {
    /** The log-probabilities recorded when the tokens were drawn. */
    BEHAVIOUR,
    /** The trainer's own, detached: ratio 1. An ablation; unsafe once the sampler lags. */
    NONE
  }

  static TrainSection of(Keys<TrainSection> keys) {
    String objective =
        keys.word(
            "objective",
            TrainSection::objective,
            OBJECTIVES,
            "What is optimised.",
            refused ->
                "one of grpo, sft"
                    + (NOT_BUILT.contains(refused) ? "; " + refused + " is not built yet" : ""));
    double[] clip =
        keys.pair(
            "clip",
            train -> List.of(train.clipLow(), train.clipHigh()),
            List.of(0.2, 0.2),
            Bounds.ABOVE_0.expecting("two numbers above 0, such as [0.2, 0.2]"),
            "The importance ratio is clipped at 1 minus the first and 1 plus the second.");
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
            keys.whole(
                "steps",
                TrainSection::steps,
                null,
                Bounds.WHOLE_FROM_1,
                "Updates to make; the trainer then ends."),
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
                "What the sum over tokens is divided by: all trained tokens of the batch (DAPO),"
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
                "Largest norm of the gradient."),
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
                "What the ratio is taken against: the log-probabilities recorded when the tokens"
                    + " were drawn, or the trainer's own (ratio 1). none is an ablation and unsafe"
                    + " once sampling lags."));
    keys.first(
        "objective", "steps", "learningRate", "clip", "normalise", "kl", "gradientClip", "betas");
    return train;
  }

  /** Another objective. */
  public TrainSection withObjective(String other) {
    return with(other, steps, learningRate, importance);
  }

  /** Another number of updates. */
  public TrainSection withSteps(int other) {
    return with(objective, other, learningRate, importance);
  }

  /** Another learning rate. */
  public TrainSection withLearningRate(double other) {
    return with(objective, steps, other, importance);
  }

  /** Other importance ratios. */
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
