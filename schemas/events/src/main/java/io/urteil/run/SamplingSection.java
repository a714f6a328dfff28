package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * @param temperature softmax temperature; 0 is greedy
 * @param topP nucleus mass; 1 is off
 * @param topK candidates kept; 0 is off
 * @param minP least probability of candidates, as a fraction of the largest; 0 is off
 * @param repetitionPenalty divides positive logits, and multiplies negative logits, of tokens that
 *     are in the prompt or were generated; 1 is off
 * @param maxTokens maximum number of tokens of a rollout
 * @param stop texts that end a rollout and are not part of its text
 * @param grammar name of the format that every rollout is constrained to; empty for none
 */
public record SamplingSection(
    double temperature,
    double topP,
    int topK,
    double minP,
    double repetitionPenalty,
    int maxTokens,
    List<String> stop,
    String grammar) {

  /** The unmodified distribution of the model, up to 512 tokens. */
  public static final SamplingSection DEFAULT = Keys.defaults(SamplingSection::of);

  public SamplingSection {
    stop = List.copyOf(stop);
  }

  static SamplingSection of(Keys<SamplingSection> keys) {
    return new SamplingSection(
        keys.number(
            "temperature",
            SamplingSection::temperature,
            1.0,
            Bounds.FROM_0,
            "Softmax temperature; 0 takes the most likely token."),
        keys.number(
            "topP", SamplingSection::topP, 1.0, Bounds.ABOVE_0_TO_1, "Nucleus mass; 1 is off."),
        keys.integer(
            "topK", SamplingSection::topK, 0, Bounds.INTEGER_OR_OFF, "Candidates kept; 0 is off."),
        keys.number(
            "minP",
            SamplingSection::minP,
            0.0,
            Bounds.FROM_0_TO_1,
            "Keeps candidates whose probability is at least this fraction of the largest; 0 is"
                + " off."),
        keys.number(
            "repetitionPenalty",
            SamplingSection::repetitionPenalty,
            1.0,
            Bounds.ABOVE_0,
            "Divides positive logits, and multiplies negative logits, of tokens that are in the"
                + " prompt or were generated; 1 is off."),
        keys.integer(
            "maxTokens",
            SamplingSection::maxTokens,
            512,
            Bounds.INTEGER_FROM_1,
            "Maximum tokens of a rollout. Also the constant of train.normalise: constant."),
        keys.stops(
            "stop",
            SamplingSection::stop,
            "Texts that end a rollout, independent of token boundaries."),
        keys.text(
            "grammar",
            SamplingSection::grammar,
            "",
            "the name of a grammar",
            "The format that every rollout is constrained to. The sampler checks the name: an"
                + " unknown one turns every prompt into a dead letter."));
  }

  /** A copy with another maximum number of tokens. */
  public SamplingSection withMaxTokens(int other) {
    return new SamplingSection(
        temperature, topP, topK, minP, repetitionPenalty, other, stop, grammar);
  }

  /** A copy with another temperature. */
  public SamplingSection withTemperature(double other) {
    return new SamplingSection(
        other, topP, topK, minP, repetitionPenalty, maxTokens, stop, grammar);
  }
}
