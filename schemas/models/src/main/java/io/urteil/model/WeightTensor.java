package io.urteil.model;

import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorEntry;
import java.nio.ByteBuffer;

/** One tensor of a model: its file, and its position in it. */
public record WeightTensor(Safetensors file, TensorEntry entry) {

  /** The elements as 32-bit floats, row-major, copied. */
  public float[] floats() {
    return file.floats(entry.name());
  }

  /** Copies elements as 32-bit floats; see {@link Safetensors#read}. */
  public void read(long first, float[] values) {
    file.read(entry.name(), first, values);
  }

  /** The mapped elements, little-endian and read-only. */
  public ByteBuffer slice() {
    return file.slice(entry.name());
  }
}
