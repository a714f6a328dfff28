package io.urteil.evaluation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Subsets of the samples of a judge, by the indexes of the samples. Pure. */
final class VoteSubsets {

  /** The largest number of subsets. */
  static final int MOST = 200;

  private VoteSubsets() {}

  /** The sizes 1, 2, 4, 8 and so on below the number of votes, then this number. */
  static List<Integer> sizes(int votes) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size < votes; size *= 2) {
      sizes.add(size);
    }
    sizes.add(votes);
    return sizes;
  }

  /** The number of subsets that {@link #of} returns. */
  static int count(int votes, int size) {
    return Math.min(MOST, binomial(votes, size));
  }

  /** All subsets of this size if there are at most {@link #MOST}, else that many random ones. */
  static List<BitSet> of(int votes, int size, Random random) {
    return binomial(votes, size) <= MOST ? all(votes, size) : random(votes, size, random);
  }

  /** C(votes, size), or more than {@link #MOST} if it is more. */
  private static int binomial(int votes, int size) {
    long count = 1;
    for (int i = 1; i <= Math.min(size, votes - size) && count <= MOST; i++) {
      count = count * (votes - i + 1) / i;
    }
    return (int) Math.min(count, MOST + 1L);
  }

  private static List<BitSet> all(int votes, int size) {
    List<BitSet> subsets = new ArrayList<>();
    collect(new BitSet(), 0, votes, size, subsets);
    return subsets;
  }

  /** Adds the subsets that contain these samples and {@code missing} ones from {@code next} on. */
  private static void collect(
      BitSet samples, int next, int votes, int missing, List<BitSet> subsets) {
    if (missing == 0) {
      subsets.add((BitSet) samples.clone());
      return;
    }
    for (int sample = next; sample <= votes - missing; sample++) {
      samples.set(sample);
      collect(samples, sample + 1, votes, missing - 1, subsets);
      samples.clear(sample);
    }
  }

  private static List<BitSet> random(int votes, int size, Random random) {
    List<BitSet> subsets = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      BitSet samples = new BitSet();
      while (samples.cardinality() < size) {
        samples.set(random.nextInt(votes));
      }
      subsets.add(samples);
    }
    return subsets;
  }
}
