package io.urteil.engine.device;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.EngineException;
import io.urteil.engine.device.RuntimeApi.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/**
 * A run of a session whose inputs and outputs are bound once: tensors of the host are copied to the
 * device and back by the runtime, tensors of {@link DeviceMemory} stay on the device. One tensor
 * may be bound as input and as output, and is then changed in place. Not thread-safe; close it
 * before its tensors.
 */
public final class BoundStep implements AutoCloseable {

  private final RuntimeApi api;
  private final MemorySegment session;
  private final MemorySegment binding;
  private final MethodHandle run;
  private final MethodHandle bindInput;
  private final MethodHandle bindOutput;
  private final Arena arena = Arena.ofShared();
  private final Map<String, MemorySegment> names = new HashMap<>();

  public BoundStep(OrtEnvironment environment, OrtSession session) {
    this.api = RuntimeApi.of(environment);
    this.session = RuntimeApi.handle(session);
    this.binding = api.make(Function.CREATE_IO_BINDING, this.session);
    this.run = api.statusHandle(Function.RUN_WITH_BINDING, 3);
    this.bindInput = api.statusHandle(Function.BIND_INPUT, 3);
    this.bindOutput = api.statusHandle(Function.BIND_OUTPUT, 3);
  }

  public BoundStep input(String name, OnnxTensor tensor) {
    return bind(bindInput, name, RuntimeApi.handle(tensor));
  }

  public BoundStep input(String name, DeviceMemory.Tensor tensor) {
    return bind(bindInput, name, tensor.handle());
  }

  public BoundStep output(String name, OnnxTensor tensor) {
    return bind(bindOutput, name, RuntimeApi.handle(tensor));
  }

  public BoundStep output(String name, DeviceMemory.Tensor tensor) {
    return bind(bindOutput, name, tensor.handle());
  }

  /**
   * Copies the host's inputs to the device, runs, and waits for the outputs.
   *
   * @throws EngineException with the runtime's message if it fails
   */
  public void run() {
    api.call(Function.SYNCHRONIZE_BOUND_INPUTS, binding);
    MemorySegment status;
    try {
      status = (MemorySegment) run.invokeExact(session, MemorySegment.NULL, binding);
    } catch (Throwable e) {
      throw new EngineException("ONNX Runtime cannot be called", e);
    }
    api.check(status);
    api.call(Function.SYNCHRONIZE_BOUND_OUTPUTS, binding);
  }

  @Override
  public void close() {
    api.release(Function.RELEASE_IO_BINDING, binding);
    arena.close();
  }

  /** Host tensors are copied to the device when they are bound; binds a changed one again. */
  private BoundStep bind(MethodHandle function, String name, MemorySegment tensor) {
    MemorySegment text = names.computeIfAbsent(name, arena::allocateFrom);
    MemorySegment status;
    try {
      status = (MemorySegment) function.invokeExact(binding, text, tensor);
    } catch (Throwable e) {
      throw new EngineException("ONNX Runtime cannot be called", e);
    }
    api.check(status);
    return this;
  }
}
