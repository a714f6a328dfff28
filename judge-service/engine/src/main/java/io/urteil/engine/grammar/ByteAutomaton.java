package io.urteil.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A {@link BytePattern} as a deterministic automaton over bytes. State 0 is the start; the pattern
 * can be completed from every state. Immutable.
 *
 * <p>Thompson's construction, then the subset construction (Aho, Lam, Sethi and Ullman, Compilers,
 * section 3.7).
 */
final class ByteAutomaton {

  /** No state: the input cannot match the pattern any more. */
  static final int DEAD = -1;

  static final int START = 0;

  private static final int BYTES = 256;

  private final List<int[]> next;
  private final BitSet accepting;

  private ByteAutomaton(List<int[]> next, BitSet accepting) {
    this.next = next;
    this.accepting = accepting;
  }

  static ByteAutomaton of(BytePattern pattern) {
    Fragments fragments = new Fragments();
    int start = fragments.state();
    int end = fragments.add(pattern, start);
    return fragments.determinise(start, end);
  }

  int states() {
    return next.size();
  }

  /** The state after a byte, or {@link #DEAD}. */
  int next(int state, int value) {
    return next.get(state)[value];
  }

  /** Whether the pattern is complete. */
  boolean isAccepting(int state) {
    return accepting.get(state);
  }

  /** The state after a text, or {@link #DEAD}. */
  int read(int state, byte[] text) {
    int reached = state;
    for (int i = 0; i < text.length && reached != DEAD; i++) {
      reached = next(reached, text[i] & 0xff);
    }
    return reached;
  }

  /** The nondeterministic automaton: edges for sets of bytes, and empty edges. */
  private static final class Fragments {

    private record Edge(BitSet bytes, int to) {}

    private final List<List<Edge>> edges = new ArrayList<>();
    private final List<List<Integer>> empty = new ArrayList<>();

    int state() {
      edges.add(new ArrayList<>());
      empty.add(new ArrayList<>());
      return edges.size() - 1;
    }

    /** Appends a pattern to a state; returns the state after the pattern. */
    int add(BytePattern pattern, int from) {
      return switch (pattern) {
        case BytePattern.Text(List<Integer> bytes) -> {
          int at = from;
          for (int value : bytes) {
            at = edge(at, single(value));
          }
          yield at;
        }
        case BytePattern.OneByte(BitSet bytes) -> edge(from, bytes);
        case BytePattern.Sequence(List<BytePattern> parts) -> {
          int at = from;
          for (BytePattern part : parts) {
            at = add(part, at);
          }
          yield at;
        }
        case BytePattern.AnyOf(List<BytePattern> choices) -> {
          int end = state();
          for (BytePattern choice : choices) {
            int begin = state();
            empty.get(from).add(begin);
            empty.get(add(choice, begin)).add(end);
          }
          yield end;
        }
        case BytePattern.Repeat(BytePattern part, int least, int most) ->
            repeat(part, least, most, from);
        case BytePattern.Until(List<List<Integer>> closes, boolean needsText) ->
            until(closes, needsText, from);
      };
    }

    ByteAutomaton determinise(int start, int end) {
      Map<BitSet, Integer> numbers = new HashMap<>();
      Queue<BitSet> open = new ArrayDeque<>();
      List<int[]> next = new ArrayList<>();
      BitSet accepting = new BitSet();
      BitSet first = new BitSet();
      first.set(start);
      number(closure(first), numbers, open);
      for (BitSet set = open.poll(); set != null; set = open.poll()) {
        int[] row = new int[BYTES];
        for (int value = 0; value < BYTES; value++) {
          BitSet reached = new BitSet();
          for (int state = set.nextSetBit(0); state >= 0; state = set.nextSetBit(state + 1)) {
            for (Edge edge : edges.get(state)) {
              if (edge.bytes().get(value)) {
                reached.set(edge.to());
              }
            }
          }
          row[value] = reached.isEmpty() ? DEAD : number(closure(reached), numbers, open);
        }
        accepting.set(next.size(), set.get(end));
        next.add(row);
      }
      return new ByteAutomaton(next, accepting);
    }

    private static int number(BitSet set, Map<BitSet, Integer> numbers, Queue<BitSet> open) {
      Integer known = numbers.get(set);
      if (known != null) {
        return known;
      }
      numbers.put(set, numbers.size());
      open.add(set);
      return numbers.size() - 1;
    }

    private BitSet closure(BitSet set) {
      BitSet closed = (BitSet) set.clone();
      Queue<Integer> open = new ArrayDeque<>();
      set.stream().forEach(open::add);
      for (Integer state = open.poll(); state != null; state = open.poll()) {
        for (int to : empty.get(state)) {
          if (!closed.get(to)) {
            closed.set(to);
            open.add(to);
          }
        }
      }
      return closed;
    }

    private int repeat(BytePattern part, int least, int most, int from) {
      int at = from;
      for (int i = 0; i < least; i++) {
        at = add(part, at);
      }
      int end = state();
      empty.get(at).add(end);
      if (most == BytePattern.UNBOUNDED) {
        int again = state();
        empty.get(end).add(again);
        empty.get(add(part, again)).add(end);
        return end;
      }
      for (int i = least; i < most; i++) {
        at = add(part, at);
        empty.get(at).add(end);
      }
      return end;
    }

    /**
     * Aho and Corasick's automaton for the closing texts, twice if text is required: before and
     * after the first character that is not white space. In the first copy, a closing text has no
     * edge.
     */
    private int until(List<List<Integer>> closes, boolean needsText, int from) {
      ByteTextFinder table = new ByteTextFinder(closes);
      int end = state();
      int[] blank = new int[table.size()];
      int[] text = new int[table.size()];
      for (int node = 0; node < table.size(); node++) {
        blank[node] = state();
        text[node] = state();
      }
      empty.get(from).add(needsText ? blank[0] : text[0]);
      for (int node = 0; node < table.size(); node++) {
        if (table.isEnd(node)) {
          continue;
        }
        for (int value = 0; value < BYTES; value++) {
          BitSet read = single(value);
          int reached = table.next(node, value);
          edges.get(text[node]).add(new Edge(read, table.isEnd(reached) ? end : text[reached]));
          if (!table.isEnd(reached)) {
            boolean stillBlank =
                table.depth(reached) > table.depth(node)
                    || (node == 0 && reached == 0 && " \t\r\n".indexOf(value) >= 0);
            edges.get(blank[node]).add(new Edge(read, stillBlank ? blank[reached] : text[reached]));
          }
        }
      }
      return end;
    }

    private int edge(int from, BitSet bytes) {
      int to = state();
      edges.get(from).add(new Edge(bytes, to));
      return to;
    }

    private static BitSet single(int value) {
      BitSet set = new BitSet();
      set.set(value);
      return set;
    }
  }
}
