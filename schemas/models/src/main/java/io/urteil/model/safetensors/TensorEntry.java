package io.urteil.model.safetensors;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The position of a tensor in its safetensors file.
 *
 * @param shape dimensions, outermost first; empty for a scalar
 * @param offset first byte, counted from the start of the file
 * @param length in bytes
 */
public record TensorEntry(String name, DataType dataType, long[] shape, long offset, long length) {

  public TensorEntry {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorEntry that
        && name.equals(that.name)
        && dataType == that.dataType
        && Arrays.equals(shape, that.shape)
        && offset == that.offset
        && length == that.length;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, dataType, Arrays.hashCode(shape), offset, length);
  }
}
