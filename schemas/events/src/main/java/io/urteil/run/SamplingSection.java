package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * @param temperature softmax temperature; 0 is greedy
 * @param topP nucleus mass; 1 is off
 * @param topK candidates kept; 0 is off
 * @param minP candidates kept: those at least so many times as likely as the likeliest; 0 is off
 * @param repetitionPenalty what logits of tokens that were seen are divided by; 1 is off
 * @param maxTokens most tokens of a rollout
 * @param stop texts that end a rollout and are no part of its text
 * @param grammar name of the form that every rollout takes; empty for none
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

  /** The model's own distribution, up to 512 tokens. */
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
        keys.whole(
            "topK", SamplingSection::topK, 0, Bounds.WHOLE_OR_OFF, "Candidates kept; 0 is off."),
        keys.number(
            "minP",
            SamplingSection::minP,
            0.0,
            Bounds.FROM_0_TO_1,
            "Keeps candidates at least so many times as likely as the likeliest; 0 is off."),
        keys.number(
            "repetitionPenalty",
            SamplingSection::repetitionPenalty,
            1.0,
            Bounds.ABOVE_0,
            "Positive logits of tokens in the prompt or written before are divided by it, negative"
                + " ones multiplied; 1 is off."),
        keys.whole(
            "maxTokens",
            SamplingSection::maxTokens,
            512,
            Bounds.WHOLE_FROM_1,
            "Most tokens of a rollout. Under train.normalise: constant also the constant."),
        keys.stops(
            "stop",
            SamplingSection::stop,
            "Texts that end a rollout, wherever its tokens begin and end."),
        keys.text(
            "grammar",
            SamplingSection::grammar,
            "",
            "the name of a grammar",
            "The form that every rollout takes. The sampler checks the name: an unknown one makes"
                + " every prompt a dead letter."));
  }

  /** Another number of tokens at most. */
  public SamplingSection withMaxTokens(int other) {
    return new SamplingSection(
        temperature, topP, topK, minP, repetitionPenalty, other, stop, grammar);
  }

  /** Another temperature. */
  public SamplingSection withTemperature(double other) {
    return new SamplingSection(
        other, topP, topK, minP, repetitionPenalty, maxTokens, stop, grammar);
  }
}
