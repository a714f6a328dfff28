package io.urteil.engine.device;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.EngineException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The function table {@code OrtApi} of the library that the official Java interface has loaded,
 * found through its private fields: both sides use the same environment, sessions and tensors.
 * Positions in the table are those of {@code onnxruntime_c_api.h}, which only appends.
 *
 * <p>Private fields are not a contract. The version of the runtime is therefore pinned, and {@link
 * #of} fails with a clear message if a field is missing. Thread-safe.
 */
final class RuntimeApi {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final long TABLE_BYTES = 400L * ADDRESS.byteSize();
  private static final AddressLayout TEXT =
      ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(4096, ValueLayout.JAVA_BYTE));

  /** A function of the table by its position. */
  enum Function {
    GET_ERROR_MESSAGE(2),
    CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE(49),
    CREATE_MEMORY_INFO(68),
    ALLOCATOR_ALLOC(75),
    ALLOCATOR_FREE(76),
    RELEASE_STATUS(93),
    RELEASE_MEMORY_INFO(94),
    RELEASE_VALUE(96),
    CREATE_ALLOCATOR(131),
    RELEASE_ALLOCATOR(132),
    RUN_WITH_BINDING(133),
    CREATE_IO_BINDING(134),
    RELEASE_IO_BINDING(135),
    BIND_INPUT(136),
    BIND_OUTPUT(137),
    SYNCHRONIZE_BOUND_INPUTS(202),
    SYNCHRONIZE_BOUND_OUTPUTS(203);

    private final int position;

    Function(int position) {
      this.position = position;
    }
  }

  private record Signature(Function function, FunctionDescriptor descriptor) {}

  private final MemorySegment table;
  private final Map<Signature, MethodHandle> handles = new ConcurrentHashMap<>();

  private RuntimeApi(MemorySegment table) {
    this.table = table;
  }

  /**
   * @throws EngineException if the official interface has other fields
   */
  static RuntimeApi of(OrtEnvironment environment) {
    try {
      Field field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      field.setAccessible(true);
      long address = field.getLong(null);
      if (address == 0) {
        throw new EngineException(
            "ONNX Runtime's function table is missing (expected: a loaded runtime); "
                + environment);
      }
      return new RuntimeApi(MemorySegment.ofAddress(address).reinterpret(TABLE_BYTES));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unfamiliar("ai.onnxruntime.OnnxRuntime.ortApiHandle", e);
    }
  }

  static MemorySegment handle(OrtSession session) {
    return handle(session, OrtSession.class);
  }

  static MemorySegment handle(OrtEnvironment environment) {
    return handle(environment, OrtEnvironment.class);
  }

  static MemorySegment handle(OnnxTensorLike tensor) {
    return handle(tensor, OnnxTensorLike.class);
  }

  private static MemorySegment handle(Object owner, Class<?> type) {
    try {
      Field field = type.getDeclaredField("nativeHandle");
      field.setAccessible(true);
      return MemorySegment.ofAddress(field.getLong(owner));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unfamiliar(type.getName() + ".nativeHandle", e);
    }
  }

  /** Calls a function that returns a status; arguments are segments, longs and ints. */
  void call(Function function, Object... arguments) {
    MemorySegment status = (MemorySegment) invoke(function, true, arguments);
    if (status.address() != 0) {
      String message = message(status);
      invoke(Function.RELEASE_STATUS, false, status);
      throw new EngineException("ONNX Runtime, " + function + ": " + message);
    }
  }

  /** Calls a function whose last argument is an output pointer, and returns that pointer. */
  MemorySegment make(Function function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made = arena.allocate(ADDRESS);
      Object[] all = new Object[arguments.length + 1];
      System.arraycopy(arguments, 0, all, 0, arguments.length);
      all[arguments.length] = made;
      call(function, all);
      return made.get(ADDRESS, 0);
    }
  }

  /** Calls a function that returns nothing. */
  void release(Function function, MemorySegment what) {
    invoke(function, false, what);
  }

  /** A function with this number of pointer arguments that returns a status, for frequent calls. */
  MethodHandle statusHandle(Function function, int pointers) {
    MemoryLayout[] layouts = new MemoryLayout[pointers];
    java.util.Arrays.fill(layouts, ADDRESS);
    return LINKER.downcallHandle(address(function), FunctionDescriptor.of(ADDRESS, layouts));
  }

  /** Throws an exception if a status is an error. */
  void check(MemorySegment status) {
    if (status.address() != 0) {
      String message = message(status);
      invoke(Function.RELEASE_STATUS, false, status);
      throw new EngineException("ONNX Runtime: " + message);
    }
  }

  private String message(MemorySegment status) {
    FunctionDescriptor descriptor = FunctionDescriptor.of(TEXT, ADDRESS);
    MethodHandle handle =
        handles.computeIfAbsent(
            new Signature(Function.GET_ERROR_MESSAGE, descriptor),
            signature -> LINKER.downcallHandle(address(Function.GET_ERROR_MESSAGE), descriptor));
    try {
      return ((MemorySegment) handle.invokeWithArguments(status)).getString(0);
    } catch (Throwable e) {
      throw new EngineException("ONNX Runtime failed without a message", e);
    }
  }

  private Object invoke(Function function, boolean status, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case MemorySegment segment -> ADDRESS;
            case Long number -> JAVA_LONG;
            case Integer number -> JAVA_INT;
            default -> throw new IllegalArgumentException("argument " + arguments[i]);
          };
    }
    FunctionDescriptor descriptor =
        status ? FunctionDescriptor.of(ADDRESS, layouts) : FunctionDescriptor.ofVoid(layouts);
    MethodHandle handle =
        handles.computeIfAbsent(
            new Signature(function, descriptor),
            signature -> LINKER.downcallHandle(address(function), descriptor));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new EngineException("ONNX Runtime, " + function + " cannot be called", e);
    }
  }

  private MemorySegment address(Function function) {
    return table.get(ADDRESS, function.position * ADDRESS.byteSize());
  }

  private static EngineException unfamiliar(String field, Exception cause) {
    return new EngineException(
        "Field %s is not accessible (expected: ONNX Runtime 1.29.0, and the JVM's native access)"
            .formatted(field),
        cause);
  }
}
