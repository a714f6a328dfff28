package io.urteil.run.judge;

import io.urteil.event.ContentHash;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * A shadow judge. It judges a sample of the groups and publishes to {@code shadow-judgements}.
 *
 * @param share sample rate, above 0, at most 1
 */
public record ShadowJudge(JudgeSection judge, double share) {

  static final double DEFAULT_SHARE = 0.1;

  private static final int HEX_DIGITS = 13;
  private static final double RANGE = 1L << (4 * HEX_DIGITS);

  /**
   * Whether the group is in the sample. A function of its id, so that every worker selects the same
   * groups, and a larger sample contains all groups of a smaller one.
   */
  public boolean samples(String groupId) {
    String hash = ContentHash.of("shadow/" + groupId);
    return Long.parseLong(hash.substring(0, HEX_DIGITS), 16) / RANGE < share;
  }

  /** The mapping {@code shadow}. */
  static double share(Keys<Double> keys) {
    return keys.number(
        "share",
        share -> share,
        DEFAULT_SHARE,
        Bounds.ABOVE_0_TO_1,
        "Sample rate: the fraction of groups that this shadow judge judges.");
  }
}
