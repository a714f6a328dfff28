package io.urteil.topology.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Splits what a batch holds over records of limited size. */
final class BatchChunks {

  /** Parts are kept below this many bytes; a single entry may exceed it. */
  static final int MAX_BYTES = 4 << 20;

  private BatchChunks() {}

  /**
   * At least one part, also of nothing.
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
