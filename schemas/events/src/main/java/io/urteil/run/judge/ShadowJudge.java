package io.urteil.run.judge;

import io.urteil.event.ContentHash;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * A judge that looks on. Its judgements go to {@code shadow-judgements}.
 *
 * @param share of the groups that it judges, above 0, at most 1
 */
public record ShadowJudge(JudgeSection judge, double share) {

  static final double DEFAULT_SHARE = 0.1;

  private static final int HEX_DIGITS = 13;
  private static final double RANGE = 1L << (4 * HEX_DIGITS);

  /**
   * Whether the group is in the share: a function of its id, so that every worker chooses alike,
   * and a larger share has all groups of a smaller one.
   */
  public boolean takes(String groupId) {
    String hash = ContentHash.of("shadow/" + groupId);
    return Long.parseLong(hash.substring(0, HEX_DIGITS), 16) / RANGE < share;
  }

  /** The share alone; the rest of the mapping is the judge's. */
  static double share(Keys<Double> keys) {
    return keys.number(
        "share",
        share -> share,
        DEFAULT_SHARE,
        Bounds.ABOVE_0_TO_1,
        "Share of the groups that this judge judges.");
  }
}
