package io.urteil.engine.device;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.device.RuntimeApi.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of a session's device, and tensors that are views of it. Not thread-safe; closing it
 * closes everything that it created.
 */
public final class DeviceMemory implements AutoCloseable {

  /** The runtime's name of a memory location. */
  public enum Device {
    CPU("Cpu"),
    CUDA("Cuda");

    private final String runtimeName;

    Device(String runtimeName) {
      this.runtimeName = runtimeName;
    }
  }

  private static final int ARENA_ALLOCATOR = 1;
  private static final int DEFAULT_MEMORY = 0;

  /** A block of device memory. */
  public record Block(long address, long bytes) {}

  /** A view of device memory as a tensor; closed with its memory. */
  public static final class Tensor {
    private final MemorySegment handle;

    private Tensor(MemorySegment handle) {
      this.handle = handle;
    }

    MemorySegment handle() {
      return handle;
    }
  }

  private final RuntimeApi api;
  private final MemorySegment info;
  private final MemorySegment allocator;
  private final List<Block> blocks = new ArrayList<>();
  private final List<MemorySegment> tensors = new ArrayList<>();

  /**
   * @param index of the device among those of its kind
   * @throws io.urteil.engine.EngineException if the session does not run on the device
   */
  public DeviceMemory(OrtEnvironment environment, OrtSession session, Device device, int index) {
    this.api = RuntimeApi.of(environment);
    try (Arena arena = Arena.ofConfined()) {
      this.info =
          api.make(
              Function.CREATE_MEMORY_INFO,
              arena.allocateFrom(device.runtimeName),
              ARENA_ALLOCATOR,
              index,
              DEFAULT_MEMORY);
    }
    try {
      this.allocator = api.make(Function.CREATE_ALLOCATOR, RuntimeApi.handle(session), info);
    } catch (RuntimeException e) {
      api.release(Function.RELEASE_MEMORY_INFO, info);
      throw e;
    }
  }

  /** Allocates memory with undefined content. */
  public Block allocate(long bytes) {
    MemorySegment address = api.make(Function.ALLOCATOR_ALLOC, allocator, bytes);
    Block block = new Block(address.address(), bytes);
    blocks.add(block);
    return block;
  }

  /**
   * A tensor that begins {@code offset} bytes into a block.
   *
   * @throws IllegalArgumentException if it exceeds the block
   */
  public Tensor view(Block block, long offset, OnnxJavaType type, long... shape) {
    long bytes = type.size;
    for (long dimension : shape) {
      bytes = Math.multiplyExact(bytes, dimension);
    }
    if (offset < 0 || offset + bytes > block.bytes()) {
      throw new IllegalArgumentException(
          "tensor: bytes %d to %d (expected: within the %d of its block)"
              .formatted(offset, offset + bytes, block.bytes()));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor =
          api.make(
              Function.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
              info,
              MemorySegment.ofAddress(block.address() + offset),
              bytes,
              arena.allocateFrom(JAVA_LONG, shape),
              (long) shape.length,
              elementType(type));
      tensors.add(tensor);
      return new Tensor(tensor);
    }
  }

  /** Closes a {@link #view} before this memory. */
  public void release(Tensor tensor) {
    if (tensors.remove(tensor.handle())) {
      api.release(Function.RELEASE_VALUE, tensor.handle());
    }
  }

  @Override
  public void close() {
    tensors.forEach(tensor -> api.release(Function.RELEASE_VALUE, tensor));
    tensors.clear();
    blocks.forEach(
        block ->
            api.call(Function.ALLOCATOR_FREE, allocator, MemorySegment.ofAddress(block.address())));
    blocks.clear();
    api.release(Function.RELEASE_ALLOCATOR, allocator);
    api.release(Function.RELEASE_MEMORY_INFO, info);
  }

  /** {@code ONNXTensorElementDataType} of the C interface. */
  private static int elementType(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT32 -> 6;
      case INT64 -> 7;
      case FLOAT16 -> 10;
      case BFLOAT16 -> 16;
      default ->
          throw new IllegalArgumentException(
              "type: %s (expected: float, half, brain float or integer)".formatted(type));
    };
  }
}
