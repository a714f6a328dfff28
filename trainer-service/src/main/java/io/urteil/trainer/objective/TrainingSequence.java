package io.urteil.trainer.objective;

import static java.util.Objects.requireNonNull;

/**
 * One row of a batch: a prompt followed by what was sampled for it, tools and further turns
 * included.
 *
 * @param tokens the whole sequence, without padding
 * @param trained the positions in the loss; as long as {@code tokens}, and false at position 0,
 *     which no token predicts
 * @param behaviourLogprobs log-probability (nats) of each trained token under the distribution it
 *     was sampled from; as long as {@code tokens} (untrained positions are ignored), or empty if
 *     none were recorded
 * @param advantage the advantage of every trained token of the row; ignored by supervised
 *     objectives
 */
public record TrainingSequence(
    int[] tokens, boolean[] trained, float[] behaviourLogprobs, double advantage) {

  public TrainingSequence {
    requireNonNull(tokens, "tokens");
    requireNonNull(trained, "trained");
    requireNonNull(behaviourLogprobs, "behaviourLogprobs");
    if (tokens.length == 0) {
      throw new IllegalArgumentException("tokens: [] (expected: at least one token)");
    }
    if (trained.length != tokens.length) {
      throw new IllegalArgumentException(
          "trained: %d positions (expected: %d, one per token)"
              .formatted(trained.length, tokens.length));
    }
    if (behaviourLogprobs.length != 0 && behaviourLogprobs.length != tokens.length) {
      throw new IllegalArgumentException(
          "behaviourLogprobs: %d values (expected: 0 or %d, one per token)"
              .formatted(behaviourLogprobs.length, tokens.length));
    }
    if (trained[0]) {
      throw new IllegalArgumentException(
          "trained[0]: true (expected: false; no token precedes the first one to predict it)");
    }
    if (!Double.isFinite(advantage)) {
      throw new IllegalArgumentException(
          "advantage: %s (expected: a finite number)".formatted(advantage));
    }
    for (int t = 0; t < behaviourLogprobs.length; t++) {
      if (trained[t] && !Float.isFinite(behaviourLogprobs[t])) {
        throw new IllegalArgumentException(
            "behaviourLogprobs[%d]: %s (expected: a finite number for a trained token)"
                .formatted(t, behaviourLogprobs[t]));
      }
    }
  }

  /** A row for supervised training: no behaviour log-probabilities, no advantage. */
  public static TrainingSequence demonstration(int[] tokens, boolean[] trained) {
    return new TrainingSequence(tokens, trained, new float[0], 0);
  }

  public int length() {
    return tokens.length;
  }

  public boolean hasBehaviourLogprobs() {
    return behaviourLogprobs.length > 0;
  }

  /** Positions in the loss, ascending. */
  public int[] trainedPositions() {
    int[] positions = new int[trainedCount()];
    int count = 0;
    for (int t = 0; t < trained.length; t++) {
      if (trained[t]) {
        positions[count++] = t;
      }
    }
    return positions;
  }

  public int trainedCount() {
    int count = 0;
    for (boolean counts : trained) {
      count += counts ? 1 : 0;
    }
    return count;
  }

  /**
   * The largest |log p - log p_behaviour| over trained tokens; 0 for a row without any.
   *
   * @param logprobs the trainer's, one per trained position
   * @throws IllegalStateException if no behaviour log-probabilities were recorded
   */
  public double maxAbsLogRatio(double[] logprobs) {
    if (!hasBehaviourLogprobs()) {
      throw new IllegalStateException("no behaviour log-probabilities were recorded for this row");
    }
    int[] positions = trainedPositions();
    double max = 0;
    for (int i = 0; i < positions.length; i++) {
      max = Math.max(max, Math.abs(logprobs[i] - behaviourLogprobs[positions[i]]));
    }
    return max;
  }
}
