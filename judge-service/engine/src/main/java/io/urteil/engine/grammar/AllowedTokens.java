package io.urteil.engine.grammar;

import java.util.Arrays;

/**
 * What a sample may draw next: only these tokens, or all but these. The request's stop tokens are
 * never named in it; whether they may be drawn is {@link #mayEnd()}. Immutable, and made once per
 * state of a grammar rather than once per token.
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
   * @param forced whether the text leaves no choice, be it that several tokens spell parts of it
   */
  public static AllowedTokens only(int[] ids, boolean mayEnd, boolean forced) {
    return new AllowedTokens(ids, true, mayEnd, forced);
  }

  /** Every token but these, and stop tokens only if the sample may end. */
  public static AllowedTokens allBut(int[] ids, boolean mayEnd) {
    return new AllowedTokens(ids, false, mayEnd, false);
  }

  /** Whether {@link #id} counts what may be drawn, rather than what may not. */
  public boolean isListed() {
    return listed;
  }

  /** How many tokens are listed or banned. */
  public int size() {
    return ids.length;
  }

  /** A listed or banned token; they rise. */
  public int id(int index) {
    return ids[index];
  }

  /** Whether the sample may end here: by a stop token, or by itself where nothing else is left. */
  public boolean mayEnd() {
    return mayEnd;
  }

  /** Whether the text leaves no choice here: what is drawn says nothing about the policy. */
  public boolean isForced() {
    return forced;
  }

  /** Whether a token that is no stop token may be drawn. */
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
