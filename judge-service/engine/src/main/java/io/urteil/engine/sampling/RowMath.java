package io.urteil.engine.sampling;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The passes over a row of logits, written so that the compiler vectorises them. Pure. */
final class RowMath {

  private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private RowMath() {}

  /** The largest value; NaN if any is. */
  static float maximum(float[] values, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }

  /**
   * The same for {@code count} numbers from a byte offset, several times as fast: it compares their
   * bits as integers, which vectorises.
   */
  static float maximum(MemorySegment rows, long from, int count) {
    int largest = Integer.MIN_VALUE;
    int farthest = 0;
    for (int i = 0; i < count; i++) {
      int value = rows.get(BITS, from + (long) Float.BYTES * i);
      largest = Math.max(largest, value ^ ((value >> 31) & 0x7fff_ffff));
      farthest = Math.max(farthest, value & 0x7fff_ffff);
    }
    return farthest > INFINITE ? Float.NaN : Float.intBitsToFloat(rising(largest));
  }

  /** The bits of a number as an integer in the same order, and back. */
  static int rising(int bits) {
    return bits ^ ((bits >> 31) & 0x7fff_ffff);
  }

  /**
   * Weights exp((l - max) / T): exp(x) = exp(x / 16)^16, the inner one by its Taylor polynomial of
   * degree 7, which is increasing everywhere. For x above -8 the relative error is below 4e-6, the
   * error of a logit in single precision; below, the weight itself is smaller than that. Values
   * below -40 are clamped to -40, where the weight is negligible.
   *
   * @param scale 1 / T
   */
  static void weigh(
      float[] values, float[] weights, int begin, int end, float maximum, double scale) {
    float sixteenth = (float) (scale / 16);
    for (int i = begin; i < end; i++) {
      float x = Math.max((values[i] - maximum) * sixteenth, -2.5f);
      float power = Math.fma(x, 1f / 5040, 1f / 720);
      power = Math.fma(x, power, 1f / 120);
      power = Math.fma(x, power, 1f / 24);
      power = Math.fma(x, power, 1f / 6);
      power = Math.fma(x, power, 1f / 2);
      power = Math.fma(x, power, 1f);
      power = Math.fma(x, power, 1f);
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      weights[i] = power;
    }
  }

  /**
   * Adds one weight to each lane. Lanes are doubles because the compiler vectorises this only if
   * the two arrays cannot alias.
   */
  static void add(double[] lanes, float[] weights, int from) {
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane] += weights[from + lane];
    }
  }

  /** In four independent sums, so that an addition does not wait for the previous one. */
  static double sum(float[] weights, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += weights[i];
      b += weights[i + 1];
      c += weights[i + 2];
      d += weights[i + 3];
    }
    for (; i < to; i++) {
      a += weights[i];
    }
    return (a + b) + (c + d);
  }

  /** The same of all lanes, a multiple of four. */
  static double sum(double[] lanes) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = 0; i < lanes.length; i += 4) {
      a += lanes[i];
      b += lanes[i + 1];
      c += lanes[i + 2];
      d += lanes[i + 3];
    }
    return (a + b) + (c + d);
  }
}
