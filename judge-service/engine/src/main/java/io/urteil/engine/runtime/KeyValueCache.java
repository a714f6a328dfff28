package io.urteil.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.urteil.engine.CacheShape;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of all slots: for each layer two blocks {@code [slot, keyValueHead, capacity,
 * headDimension]}. A slot is contiguous in each block, so any range of slots is a tensor without a
 * copy, and the runtime extends it in place. Only written positions take memory, in pages, until
 * their slot is released. Not thread-safe.
 */
public final class KeyValueCache implements AutoCloseable {

  private final OrtEnvironment environment;
  private final DecoderConfig config;
  private final OnnxJavaType type;
  private final CacheShape shape;
  private final long blockBytes;
  private final PagedMemory memory;

  /**
   * @param type of keys and values
   */
  KeyValueCache(
      OrtEnvironment environment,
      DecoderConfig config,
      int slots,
      int capacity,
      OnnxJavaType type) {
    this.environment = environment;
    this.config = config;
    this.type = type;
    this.shape = CacheShape.of(config, capacity, type.size).withPages(PagedMemory.PAGE_BYTES);
    long pages = Math.ceilDiv(slots * shape.slotBlockBytes(), PagedMemory.PAGE_BYTES);
    this.blockBytes = pages * PagedMemory.PAGE_BYTES;
    this.memory = PagedMemory.reserve(shape.blocks() * blockBytes);
  }

  /** Where it lies, for tests. */
  MemorySegment segment() {
    return memory.segment();
  }

  /**
   * A range of slots as tensors, in the order key, value of layer 0, key, value of layer 1, … The
   * caller closes them before this cache.
   */
  List<OnnxTensor> view(int firstSlot, int slots) throws OrtException {
    long[] dimensions = {slots, shape.heads(), shape.capacity(), config.headDimension()};
    List<OnnxTensor> tensors = new ArrayList<>(shape.blocks());
    for (int block = 0; block < shape.blocks(); block++) {
      MemorySegment run =
          memory.segment().asSlice(offset(block, firstSlot), slots * shape.slotBlockBytes());
      tensors.add(
          OnnxTensor.createTensor(
              environment, run.asByteBuffer().order(ByteOrder.nativeOrder()), dimensions, type));
    }
    return tensors;
  }

  /** Copies the first {@code length} positions of one slot to another. */
  void copy(int from, int to, int length) {
    for (int block = 0; block < shape.blocks(); block++) {
      copy(block, from, to, length);
    }
  }

  /** The same; the memory of the first slot is given back, block by block. */
  void move(int from, int to, int length) {
    for (int block = 0; block < shape.blocks(); block++) {
      copy(block, from, to, length);
      memory.discard(offset(block, from), offset(block, from) + shape.slotBlockBytes());
    }
  }

  /** Gives back the memory of a slot beyond its first {@code length} positions. */
  void release(int slot, int length) {
    long kept = (long) length * shape.vectorBytes();
    for (int block = 0; block < shape.blocks(); block++) {
      long start = offset(block, slot);
      if (kept == 0) {
        memory.discard(start, start + shape.slotBlockBytes());
        continue;
      }
      for (int head = 0; head < shape.heads(); head++) {
        memory.discard(
            start + head * shape.headBytes() + kept, start + (head + 1) * shape.headBytes());
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  private void copy(int block, int from, int to, int length) {
    long bytes = (long) length * shape.vectorBytes();
    for (int head = 0; head < shape.heads(); head++) {
      long place = head * shape.headBytes();
      MemorySegment.copy(
          memory.segment(),
          offset(block, from) + place,
          memory.segment(),
          offset(block, to) + place,
          bytes);
    }
  }

  private long offset(int block, int slot) {
    return block * blockBytes + slot * shape.slotBlockBytes();
  }
}
