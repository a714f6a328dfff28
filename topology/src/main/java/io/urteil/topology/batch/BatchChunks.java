package io.urteil.topology.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Splits the content of a batch into records of limited size. */
final class BatchChunks {

  /** Maximum bytes of a chunk; a single entry may exceed it. */
  static final int MAX_BYTES = 4 << 20;

  private BatchChunks() {}

  /**
   * At least one chunk, also for an empty batch.
   *
   * @param size encoded bytes of an entry
   */
  static <T> List<List<T>> of(List<T> entries, ToIntFunction<? super T> size) {
    List<List<T>> parts = new ArrayList<>();
    parts.add(new ArrayList<>());
    long bytes = 0;
    for (T entry : entries) {
      int more = size.applyAsInt(entry);
      if (!parts.getLast().isEmpty() && bytes + more > MAX_BYTES) {
        parts.add(new ArrayList<>());
        bytes = 0;
      }
      parts.getLast().add(entry);
      bytes += more;
    }
    return parts;
  }
}
