package io.urteil.engine.sampling;

import java.util.Arrays;

/**
 * Candidate tokens of a cut, by their index in a row of values and weights; once sorted, the most
 * likely first and equal ones in their order. Reuses its working memory.
 */
final class TokenCandidates {

  private long[] keys = new long[64];
  private int size;
  private double mass;

  void clear() {
    size = 0;
    mass = 0;
  }

  void add(int place, float value, float weight) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
    }
    keys[size++] = key(value, place);
    mass += weight;
  }

  void sort() {
    Arrays.sort(keys, 0, size);
  }

  int size() {
    return size;
  }

  /** The total weight. */
  double mass() {
    return mass;
  }

  /** The weight of the first ones. */
  double mass(int kept, float[] weights) {
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[place(i)];
    }
    return sum;
  }

  /** The number of first ones that reach a mass; 0 if all of them do not. */
  int reaching(double wanted, int kept, float[] weights) {
    double reached = 0;
    for (int i = 0; i < kept; i++) {
      reached += weights[place(i)];
      if (reached >= wanted) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The number of first ones with at least this probability relative to the first. */
  int likelyEnough(double share, int kept, float[] weights) {
    int enough = kept;
    while (enough > 1 && weights[place(enough - 1)] < share) {
      enough--;
    }
    return enough;
  }

  /** The index of the first one at which the sum of weights exceeds a number. */
  int at(double number, int kept, float[] weights) {
    double rest = number;
    int drawn = place(0);
    for (int i = 0; i < kept && rest >= 0; i++) {
      drawn = place(i);
      rest -= weights[drawn];
    }
    return drawn;
  }

  private int place(int rank) {
    return (int) keys[rank];
  }

  /** Sorts by descending value, then by ascending index, encoded as one integer. */
  private static long key(float value, int place) {
    return (long) ~RowMath.rising(Float.floatToRawIntBits(value + 0f)) << 32 | place;
  }
}
