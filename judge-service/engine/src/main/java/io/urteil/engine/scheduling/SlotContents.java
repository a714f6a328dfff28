package io.urteil.engine.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that the slots hold: those that run, and finished ones until their slot is
 * overwritten or its memory given back. So a prompt with the same prefix is not processed from its
 * start.
 *
 * <p>With chunks of several tokens only complete ones are shared, and only those that were
 * processed as chunks: the keys and values of a chunk are then bit-identical for every reader, and
 * the chunk boundaries depend on the prompt alone. Confined to the scheduler's thread.
 */
final class SlotContents {

  /**
   * A slot whose first positions hold a prefix of a prompt.
   *
   * @param tokens their number, in complete chunks
   */
  record Shared(int slot, int tokens) {}

  private final int chunk;
  private final int[] @Nullable [] prompts;
  private final int[] read;

  /**
   * @param slots including the staging slot
   * @param chunk tokens of a chunk; 1 to share every common token
   */
  SlotContents(int slots, int chunk) {
    this.chunk = chunk;
    this.prompts = new int[slots][];
    this.read = new int[slots];
  }

  /** Records that the first {@code tokens} of a prompt were processed into a slot. */
  void hold(int slot, int[] prompt, int tokens) {
    prompts[slot] = prompt;
    read[slot] = tokens / chunk * chunk;
  }

  /** Records that a slot was copied to another. */
  void copy(int from, int to) {
    prompts[to] = prompts[from];
    read[to] = read[from];
  }

  /** Tokens of a slot that other prompts may share. */
  int held(int slot) {
    return read[slot];
  }

  /** Records that a slot lost everything beyond its first positions. */
  void shorten(int slot, int positions) {
    if (positions < read[slot]) {
      read[slot] = positions / chunk * chunk;
    }
  }

  /** Records that a slot was overwritten by other content. */
  void forget(int slot) {
    prompts[slot] = null;
    read[slot] = 0;
  }

  /**
   * The slot with the longest prefix of a prompt, without its last token, whose logits are needed.
   */
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
