package io.urteil.reward.rule;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * The run-file section {@code reward.overlong}.
 *
 * @param maxTokens length from which a text has the full penalty
 * @param buffer tokens before that over which the penalty grows
 * @param factor the full penalty
 */
public record Overlong(int maxTokens, int buffer, double factor) {

  /**
   * @param samplingMaxTokens default of {@code maxTokens}
   */
  static Overlong of(Keys<Overlong> keys, int samplingMaxTokens) {
    Overlong overlong =
        new Overlong(
            keys.dependent()
                .integer(
                    "maxTokens",
                    Overlong::maxTokens,
                    samplingMaxTokens,
                    Bounds.INTEGER_FROM_1,
                    "The length from which a text has the full penalty; that of sampling unless it"
                        + " is set."),
            keys.integer(
                "buffer",
                Overlong::buffer,
                null,
                Bounds.INTEGER_FROM_1,
                "Number of tokens before that over which the penalty grows."),
            keys.number("factor", Overlong::factor, 1.0, Bounds.ABOVE_0, "The full penalty."));
    if (overlong.buffer() > overlong.maxTokens()) {
      keys.problem("buffer", "at most maxTokens, which is " + overlong.maxTokens());
    }
    return overlong;
  }
}
