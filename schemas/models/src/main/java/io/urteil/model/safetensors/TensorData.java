package io.urteil.model.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tensor to write: row-major elements, little-endian.
 *
 * @param shape dimensions, outermost first; empty for a scalar
 * @param bytes the elements, from position to limit; read through duplicates, never moved
 */
public record TensorData(DataType dataType, long[] shape, ByteBuffer bytes) {

  public TensorData {
    shape = shape.clone();
    long expected = Shapes.elements(shape) * dataType.bytes();
    if (bytes.remaining() != expected) {
      throw new IllegalArgumentException(
          "bytes: %d (expected: %d) in a tensor %s %s"
              .formatted(bytes.remaining(), expected, dataType, Arrays.toString(shape)));
    }
  }

  /** A 32-bit float tensor; the values are copied. */
  public static TensorData floats(long[] shape, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new TensorData(DataType.F32, shape, bytes);
  }

  /** A 64-bit integer tensor; the values are copied. */
  public static TensorData longs(long[] shape, long[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return new TensorData(DataType.I64, shape, bytes);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorData that
        && dataType == that.dataType
        && Arrays.equals(shape, that.shape)
        && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dataType, Arrays.hashCode(shape), bytes);
  }
}
