package io.urteil.model;

/**
 * Where a tensor lies in its safetensors file.
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
}
