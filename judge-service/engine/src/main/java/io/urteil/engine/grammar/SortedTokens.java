package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The tokens of a vocabulary with text, in the order of their bytes, each with the length of its
 * common prefix with the previous one. So one pass finds the tokens that an automaton accepts, and
 * reads a common prefix once. Immutable.
 */
final class SortedTokens {

  private final TokenTexts texts;
  private final int[] ids;
  private final int[] shared;
  private final int longest;

  SortedTokens(TokenTexts texts) {
    this.texts = texts;
    Comparator<Integer> byBytes = this::compare;
    this.ids =
        IntStream.range(0, texts.size())
            .filter(id -> texts.length(id) > 0)
            .boxed()
            .sorted(byBytes.thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
    this.shared = new int[ids.length];
    for (int i = 1; i < ids.length; i++) {
      shared[i] = shared(ids[i - 1], ids[i]);
    }
    this.longest = Arrays.stream(ids).map(texts::length).max().orElse(0);
  }

  TokenTexts texts() {
    return texts;
  }

  int count() {
    return ids.length;
  }

  /** All ids, in the order of their bytes. */
  int[] ids() {
    return ids.clone();
  }

  /** The tokens that the automaton accepts in a state, in the order of their bytes. */
  int[] readable(ByteAutomaton automaton, int state) {
    int[] found = new int[ids.length];
    int count = 0;
    int[] reached = new int[longest + 1];
    reached[0] = state;
    int valid = 0;
    for (int i = 0; i < ids.length; i++) {
      int length = texts.length(ids[i]);
      if (shared[i] > valid) {
        // It shares the byte at which the previous token was rejected.
        continue;
      }
      int depth = shared[i];
      while (depth < length) {
        int next = automaton.next(reached[depth], texts.at(ids[i], depth));
        if (next == ByteAutomaton.DEAD) {
          break;
        }
        reached[++depth] = next;
      }
      valid = depth;
      if (depth == length) {
        found[count++] = ids[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  private int compare(int one, int other) {
    int common = shared(one, other);
    boolean oneEnds = common == texts.length(one);
    boolean otherEnds = common == texts.length(other);
    if (oneEnds || otherEnds) {
      return Boolean.compare(otherEnds, oneEnds);
    }
    return Integer.compare(texts.at(one, common), texts.at(other, common));
  }

  private int shared(int one, int other) {
    int limit = Math.min(texts.length(one), texts.length(other));
    int common = 0;
    while (common < limit && texts.at(one, common) == texts.at(other, common)) {
      common++;
    }
    return common;
  }
}
