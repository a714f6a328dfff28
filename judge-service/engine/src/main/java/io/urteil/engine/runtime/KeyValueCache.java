package io.urteil.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.model.DecoderConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of all slots: for each layer two blocks {@code [slot, keyValueHead, capacity,
 * headDimension]}. A slot is contiguous in each block, so any range of slots is a tensor without a
 * copy, and the runtime extends it in place. Not thread-safe.
 */
public final class KeyValueCache implements AutoCloseable {

  private final OrtEnvironment environment;
  private final DecoderConfig config;
  private final int capacity;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> blocks = new ArrayList<>();

  KeyValueCache(OrtEnvironment environment, DecoderConfig config, int slots, int capacity) {
    this.environment = environment;
    this.config = config;
    this.capacity = capacity;
    for (int block = 0; block < config.layers() * DecoderGraph.CACHE_PARTS.size(); block++) {
      blocks.add(arena.allocate(blockBytes(config, slots, capacity), 64));
    }
  }

  /** Bytes of one block; the runtime's Java API supports blocks below 2 GiB. */
  static long blockBytes(DecoderConfig config, int slots, int capacity) {
    return (long) slots * slotBytes(config, capacity);
  }

  /**
   * A range of slots as tensors, in the order key, value of layer 0, key, value of layer 1, … The
   * caller closes them before this cache.
   */
  List<OnnxTensor> view(int firstSlot, int slots) throws OrtException {
    long slotBytes = slotBytes(config, capacity);
    long[] shape = {slots, config.keyValueHeads(), capacity, config.headDimension()};
    List<OnnxTensor> tensors = new ArrayList<>(blocks.size());
    for (MemorySegment block : blocks) {
      MemorySegment run = block.asSlice(firstSlot * slotBytes, slots * slotBytes);
      tensors.add(
          OnnxTensor.createTensor(
              environment,
              run.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(),
              shape));
    }
    return tensors;
  }

  /** Copies the first {@code length} positions of one slot to another. */
  void copy(int from, int to, int length) {
    long slotBytes = slotBytes(config, capacity);
    long headBytes = slotBytes / config.keyValueHeads();
    long bytes = (long) length * config.headDimension() * Float.BYTES;
    for (MemorySegment block : blocks) {
      for (int head = 0; head < config.keyValueHeads(); head++) {
        MemorySegment.copy(
            block,
            from * slotBytes + head * headBytes,
            block,
            to * slotBytes + head * headBytes,
            bytes);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private static long slotBytes(DecoderConfig config, int capacity) {
    return (long) config.keyValueHeads()
        * capacity
        * config.headDimension()
        * ValueLayout.JAVA_FLOAT.byteSize();
  }
}
