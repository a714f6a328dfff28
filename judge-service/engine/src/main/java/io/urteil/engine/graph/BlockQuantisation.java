package io.urteil.engine.graph;

/**
 * Numbers as eight-bit integers with one scale for each run of {@value #BLOCK}, symmetric about
 * zero: with d = max |w| / 127 over the block, q = round(w / d), halves away from zero, and w is
 * about q d. These are the block and the rounding of Q8_0 in ggml (ggml-quants.c,
 * quantize_row_q8_0_ref); the scale is kept in single precision, not half. The error is at most d /
 * 2. A row whose length is not a multiple of the block ends with a shorter block, padded with
 * zeros.
 *
 * <p>The integers are stored as unsigned bytes, q + 128, as MatMulNBits of ONNX Runtime requires.
 */
public final class BlockQuantisation {

  static final int BLOCK = 32;

  /** Represents 0. */
  static final int ZERO = 128;

  private static final int LARGEST = 127;

  private BlockQuantisation() {}

  /** Blocks of a row of this length. */
  static int blocks(long length) {
    return Math.toIntExact((length + BLOCK - 1) / BLOCK);
  }

  /**
   * Quantises one row.
   *
   * @param quantised one byte for each number, complete blocks
   * @param scales one for each block; NaN or infinite if a number of the block is
   */
  static void quantise(float[] row, byte[] quantised, float[] scales) {
    for (int block = 0; block < scales.length; block++) {
      int from = block * BLOCK;
      int to = Math.min(from + BLOCK, row.length);
      float largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(row[i]));
      }
      float scale = largest / LARGEST;
      float inverse = scale == 0 ? 0 : 1 / scale;
      scales[block] = scale;
      for (int i = from; i < to; i++) {
        quantised[i] = (byte) (rounded(row[i] * inverse) + ZERO);
      }
      for (int i = to; i < from + BLOCK; i++) {
        quantised[i] = (byte) ZERO;
      }
    }
  }

  /** The value of a byte. */
  static float value(byte quantised, float scale) {
    return ((quantised & 0xff) - ZERO) * scale;
  }

  /** Clamped, for scales so small that their inverse is infinite. */
  private static int rounded(float value) {
    int rounded = (int) (value + Math.copySign(0.5f, value));
    return Math.clamp(rounded, -LARGEST, LARGEST);
  }
}
