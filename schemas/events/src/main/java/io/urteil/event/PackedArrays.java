package io.urteil.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packs arrays into Avro {@code bytes}: little endian, without a length prefix. For token ids this
 * takes a quarter of the size and a tenth of the time of an Avro array.
 */
public final class PackedArrays {

  private PackedArrays() {}

  /** Packs as int32, 4 bytes per value. */
  public static ByteBuffer ints(int[] values) {
    ByteBuffer packed = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    packed.asIntBuffer().put(values);
    return packed;
  }

  /** Packs as float32, 4 bytes per value. */
  public static ByteBuffer floats(float[] values) {
    ByteBuffer packed = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    packed.asFloatBuffer().put(values);
    return packed;
  }

  /** Packs as one byte per value, 1 for true. */
  public static ByteBuffer mask(boolean[] values) {
    byte[] packed = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      packed[i] = (byte) (values[i] ? 1 : 0);
    }
    return ByteBuffer.wrap(packed);
  }

  /** Packs a mask of {@code length} equal values. */
  public static ByteBuffer mask(int length, boolean value) {
    boolean[] values = new boolean[length];
    java.util.Arrays.fill(values, value);
    return mask(values);
  }

  /** Unpacks {@link #ints}; does not change the buffer's position. */
  public static int[] toInts(ByteBuffer packed) {
    int[] values = new int[wholeValues(packed)];
    packed.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return values;
  }

  /** Unpacks {@link #floats}; does not change the buffer's position. */
  public static float[] toFloats(ByteBuffer packed) {
    float[] values = new float[wholeValues(packed)];
    packed.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** Unpacks {@link #mask}; does not change the buffer's position. */
  public static boolean[] toMask(ByteBuffer packed) {
    boolean[] values = new boolean[packed.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = packed.get(packed.position() + i) != 0;
    }
    return values;
  }

  private static int wholeValues(ByteBuffer packed) {
    if (packed.remaining() % 4 != 0) {
      throw new IllegalArgumentException(
          "packed values: " + packed.remaining() + " bytes (expected: a multiple of 4)");
    }
    return packed.remaining() / 4;
  }
}
