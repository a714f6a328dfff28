package io.urteil.engine.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which prompts the slots hold in whole pieces: those that run, and those that have finished until
 * something else is written there. So a prompt that begins as one of them does need not be read
 * from its beginning.
 *
 * <p>Only whole pieces are shared, and only those that were read as pieces: a piece's keys and
 * values are then the same to the bit whoever read it, and where a prompt is cut depends on the
 * prompt alone. Belongs to the scheduler's thread.
 */
final class SlotContents {

  /**
   * A slot whose first positions hold the beginning of a prompt.
   *
   * @param tokens how many, in whole pieces
   */
  record Shared(int slot, int tokens) {}

  private final int chunk;
  private final int[] @Nullable [] prompts;
  private final int[] read;

  /**
   * @param slots with the staging slot
   * @param chunk tokens of a piece
   */
  SlotContents(int slots, int chunk) {
    this.chunk = chunk;
    this.prompts = new int[slots][];
    this.read = new int[slots];
  }

  /** The first {@code tokens} of a prompt were read into a slot, in pieces. */
  void hold(int slot, int[] prompt, int tokens) {
    prompts[slot] = prompt;
    read[slot] = tokens / chunk * chunk;
  }

  /** A slot was made equal to another. */
  void copy(int from, int to) {
    prompts[to] = prompts[from];
    read[to] = read[from];
  }

  /** Something that was not read in pieces is written to a slot. */
  void forget(int slot) {
    prompts[slot] = null;
    read[slot] = 0;
  }

  /** The slot that holds most of a prompt, but never its last token, whose logits are wanted. */
  Shared longest(int[] prompt) {
    Shared longest = new Shared(-1, 0);
    int most = (prompt.length - 1) / chunk * chunk;
    for (int slot = prompts.length - 1; slot >= 0 && longest.tokens() < most; slot--) {
      int[] other = prompts[slot];
      int limit = Math.min(most, read[slot]);
      if (other == null || limit <= longest.tokens()) {
        continue;
      }
      int mismatch = Arrays.mismatch(prompt, 0, limit, other, 0, limit);
      int common = (mismatch < 0 ? limit : mismatch) / chunk * chunk;
      if (common > longest.tokens()) {
        longest = new Shared(slot, common);
      }
    }
    return longest;
  }
}
