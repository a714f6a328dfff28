package io.urteil.trainer;

import io.urteil.event.PackedArrays;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.Arrays;

/**
 * Rollouts as rows of a batch: the concatenated tokens of all segments. A token is trained if its
 * segment marks it as trained and no grammar forced it. The first token never is, since no token
 * predicts it.
 */
final class RolloutSequences {

  private RolloutSequences() {}

  /**
   * @param temperature of the trainer's log-probabilities
   * @throws IllegalArgumentException if the rollout cannot be trained; names the cause
   */
  static TrainingSequence of(Rollout rollout, double advantage, double temperature) {
    SamplingSettings sampling = rollout.getSampling();
    if (sampling != null && sampling.getTemperature() != temperature) {
      throw new IllegalArgumentException(
          "temperature: %s (expected: %s, the run's)"
              .formatted(sampling.getTemperature(), temperature));
    }
    int length =
        rollout.getSegments().stream().mapToInt(part -> part.getTokens().remaining() / 4).sum();
    int[] tokens = new int[length];
    boolean[] trained = new boolean[length];
    float[] behaviour = new float[length];
    boolean recorded = true;
    int from = 0;
    for (Segment segment : rollout.getSegments()) {
      int[] ofSegment = tokens(segment);
      boolean[] counts = mask(segment, "trained", ofSegment.length);
      boolean[] forced = mask(segment, "forced", ofSegment.length);
      float[] logprobs = PackedArrays.toFloats(segment.getLogprobs());
      if (logprobs.length != 0 && logprobs.length != ofSegment.length) {
        throw wrongLength("logprobs", logprobs.length, ofSegment.length);
      }
      System.arraycopy(ofSegment, 0, tokens, from, ofSegment.length);
      System.arraycopy(logprobs, 0, behaviour, from, logprobs.length);
      for (int t = 0; t < ofSegment.length; t++) {
        trained[from + t] = counts[t] && !forced[t] && from + t > 0;
        recorded &= !trained[from + t] || logprobs.length > 0;
      }
      from += ofSegment.length;
    }
    return new TrainingSequence(tokens, trained, recorded ? behaviour : new float[0], advantage);
  }

  private static int[] tokens(Segment segment) {
    int[] tokens = PackedArrays.toInts(segment.getTokens());
    String text = segment.getText();
    boolean hasContent = segment.getMedia() != null || (text != null && !text.isEmpty());
    if (tokens.length == 0 && hasContent) {
      throw new IllegalArgumentException(
          "tokens: none for a segment of role '%s' with content (expected: its token ids)"
              .formatted(segment.getRole()));
    }
    return tokens;
  }

  private static boolean[] mask(Segment segment, String name, int length) {
    boolean[] mask =
        PackedArrays.toMask(name.equals("trained") ? segment.getTrained() : segment.getForced());
    if (mask.length == 0) {
      return new boolean[length];
    }
    if (mask.length != length) {
      throw wrongLength(name, mask.length, length);
    }
    return Arrays.copyOf(mask, length);
  }

  private static IllegalArgumentException wrongLength(String name, int length, int tokens) {
    return new IllegalArgumentException(
        "%s: %d values (expected: 0 or %d, one per token)".formatted(name, length, tokens));
  }
}
