package io.urteil.reward;

import io.urteil.run.SamplingSection;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * DAPO's soft punishment of long texts.
 *
 * @param maxTokens length at which all of it is lost
 * @param buffer tokens before that over which it grows
 * @param factor what is lost at most
 */
public record Overlong(int maxTokens, int buffer, double factor) {

  static Overlong of(Keys<Overlong> keys, SamplingSection sampling) {
    Overlong overlong =
        new Overlong(
            keys.decidedElsewhere()
                .whole(
                    "maxTokens",
                    Overlong::maxTokens,
                    sampling.maxTokens(),
                    Bounds.WHOLE_FROM_1,
                    "The length at which a text loses all of factor; that of sampling unless it is"
                        + " set."),
            keys.whole(
                "buffer",
                Overlong::buffer,
                null,
                Bounds.WHOLE_FROM_1,
                "Over how many tokens before that the loss grows."),
            keys.number("factor", Overlong::factor, 1.0, Bounds.ABOVE_0, "What is lost at most."));
    if (overlong.buffer() > overlong.maxTokens()) {
      keys.problem("buffer", "at most maxTokens, which is " + overlong.maxTokens());
    }
    return overlong;
  }
}
