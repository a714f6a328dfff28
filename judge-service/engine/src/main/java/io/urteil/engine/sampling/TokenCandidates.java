package io.urteil.engine.sampling;

import java.util.Arrays;

/**
 * Tokens that a cut may leave to draw from, by their place in a row of values and weights; once
 * sorted, the likeliest first and equal ones in their order. Keeps its working memory.
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

  /** What all of them weigh. */
  double mass() {
    return mass;
  }

  /** What the first ones weigh. */
  double mass(int kept, float[] weights) {
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[place(i)];
    }
    return sum;
  }

  /** How many of the first ones reach a mass; 0 if all of them do not. */
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

  /** How many of the first ones are at least so likely, relative to the first. */
  int likelyEnough(double share, int kept, float[] weights) {
    int enough = kept;
    while (enough > 1 && weights[place(enough - 1)] < share) {
      enough--;
    }
    return enough;
  }

  /** The place of the first one at which the sum of weights passes a number. */
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

  /** Sorts by falling value, then by rising place, as a plain number. */
  private static long key(float value, int place) {
    return (long) ~RowMath.rising(Float.floatToRawIntBits(value + 0f)) << 32 | place;
  }
}
