package io.urteil.engine.sampling;

import java.util.BitSet;
import java.util.function.IntConsumer;

/** The distinct tokens of a prompt and its completion. */
public final class SeenTokens {

  private final BitSet ids;

  public SeenTokens(int[] prompt) {
    ids = new BitSet();
    for (int id : prompt) {
      ids.set(id);
    }
  }

  public void add(int id) {
    ids.set(id);
  }

  boolean contains(int id) {
    return ids.get(id);
  }

  void forEach(IntConsumer action) {
    for (int id = ids.nextSetBit(0); id >= 0; id = ids.nextSetBit(id + 1)) {
      action.accept(id);
    }
  }
}
