package io.urteil.engine.grammar;

import java.util.Arrays;

/**
 * The tokens that a sample may continue with: only these, or all except these. It never lists the
 * request's stop tokens; {@link #mayEnd()} allows them. Immutable, and created once for each state
 * of a grammar, not for each token.
 */
public final class AllowedTokens {

  private final int[] ids;
  private final boolean listed;
  private final boolean mayEnd;
  private final boolean forced;

  private AllowedTokens(int[] ids, boolean listed, boolean mayEnd, boolean forced) {
    this.ids = ids.clone();
    Arrays.sort(this.ids);
    this.listed = listed;
    this.mayEnd = mayEnd;
    this.forced = forced;
  }

  /**
   * Only these tokens, and stop tokens if the sample may end.
   *
   * @param forced whether the text has no alternative, even if several tokens spell parts of it
   */
  public static AllowedTokens only(int[] ids, boolean mayEnd, boolean forced) {
    return new AllowedTokens(ids, true, mayEnd, forced);
  }

  /** Every token except these, and stop tokens only if the sample may end. */
  public static AllowedTokens allBut(int[] ids, boolean mayEnd) {
    return new AllowedTokens(ids, false, mayEnd, false);
  }

  /** Whether {@link #id} lists allowed tokens, not banned ones. */
  public boolean isListed() {
    return listed;
  }

  /** The number of listed or banned tokens. */
  public int size() {
    return ids.length;
  }

  /** A listed or banned token, in ascending order. */
  public int id(int index) {
    return ids[index];
  }

  /**
   * Whether the sample may end here: by a stop token, or without one if no other token is allowed.
   */
  public boolean mayEnd() {
    return mayEnd;
  }

  /**
   * Whether the text has no alternative here: the token then carries no information about the
   * policy.
   */
  public boolean isForced() {
    return forced;
  }

  /** Whether a token other than a stop token is allowed. */
  public boolean allows(int token) {
    return Arrays.binarySearch(ids, token) >= 0 == listed;
  }

  @Override
  public String toString() {
    return (listed ? "only " : "all but ")
        + Arrays.toString(ids)
        + (mayEnd ? " or the end" : "")
        + (forced ? ", forced" : "");
  }
}
