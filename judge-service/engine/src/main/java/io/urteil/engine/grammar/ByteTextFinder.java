package io.urteil.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Finds the first of some texts in a stream of bytes. Node 0 is the start (Aho and Corasick,
 * "Efficient string matching", 1975, as one table).
 */
final class ByteTextFinder {

  private static final int BYTES = 256;
  private static final int NONE = -1;

  private final List<int[]> next = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();
  private final List<Integer> texts = new ArrayList<>();

  /**
   * @param closes none empty
   */
  ByteTextFinder(List<List<Integer>> closes) {
    node(0);
    for (int text = 0; text < closes.size(); text++) {
      int at = 0;
      for (int value : closes.get(text)) {
        if (next.get(at)[value] == NONE) {
          next.get(at)[value] = node(depths.get(at) + 1);
        }
        at = next.get(at)[value];
      }
      texts.set(at, text);
    }
    fillIn();
  }

  int size() {
    return next.size();
  }

  /** The node after a byte. */
  int next(int node, int value) {
    return next.get(node)[value];
  }

  /** The number of bytes of a text that were read. */
  int depth(int node) {
    return depths.get(node);
  }

  /** Whether a text ends here. */
  boolean isEnd(int node) {
    return texts.get(node) != NONE;
  }

  /** The text that ends here, the longest if there are several. */
  int text(int node) {
    return texts.get(node);
  }

  private int node(int depth) {
    int[] row = new int[BYTES];
    Arrays.fill(row, NONE);
    next.add(row);
    depths.add(depth);
    texts.add(NONE);
    return next.size() - 1;
  }

  /** Redirects missing edges to those of the longest suffix that starts a text. */
  private void fillIn() {
    int[] suffix = new int[next.size()];
    Queue<Integer> open = new ArrayDeque<>();
    open.add(0);
    for (Integer node = open.poll(); node != null; node = open.poll()) {
      int[] row = next.get(node);
      for (int value = 0; value < BYTES; value++) {
        int elsewhere = node == 0 ? 0 : next.get(suffix[node])[value];
        if (row[value] == NONE) {
          row[value] = elsewhere;
        } else {
          int child = row[value];
          suffix[child] = elsewhere;
          texts.set(child, isEnd(child) ? texts.get(child) : texts.get(elsewhere));
          open.add(child);
        }
      }
    }
  }
}
