package io.urteil.trainer;

import io.urteil.model.safetensors.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Tensors copied out of the memory they were views of. */
final class CheckpointCopies {

  private CheckpointCopies() {}

  static SequencedMap<String, TensorData> of(SequencedMap<String, TensorData> views) {
    SequencedMap<String, TensorData> copies = new LinkedHashMap<>();
    views.forEach(
        (name, view) -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(view.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
          bytes.put(view.bytes().duplicate()).flip();
          copies.put(name, new TensorData(view.dataType(), view.shape(), bytes));
        });
    return copies;
  }
}
