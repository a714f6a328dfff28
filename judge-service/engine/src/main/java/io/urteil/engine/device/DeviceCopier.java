package io.urteil.engine.device;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.EngineException;
import io.urteil.engine.graph.OnnxGraph;
import io.urteil.engine.graph.OnnxGraph.Element;
import java.util.Map;
import java.util.function.Function;

/**
 * Copies tensors within a device, and from it to the host, several at once: a session of {@code
 * Identity} operators with bound inputs and outputs. The runtime's own copy call supports only
 * devices that were registered as plug-ins.
 */
public final class DeviceCopier implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;

  /**
   * @param tensors number of tensors in one copy
   * @param open opens a graph on the device
   */
  public DeviceCopier(
      OrtEnvironment environment, int tensors, Element element, Function<byte[], OrtSession> open) {
    this.environment = environment;
    OnnxGraph graph = new OnnxGraph();
    for (int i = 0; i < tensors; i++) {
      graph.input(from(i), element, "rows" + i, "columns" + i);
      graph.nodeTo(java.util.List.of(to(i)), OnnxGraph.ONNX, "Identity", Map.of(), from(i));
      graph.output(to(i), element, "rows" + i, "columns" + i);
    }
    this.session = open.apply(graph.toByteArray("copies"));
  }

  /**
   * A copy whose two-dimensional tensors {@link #from} and {@link #to} the caller binds before the
   * run.
   */
  public BoundStep copy() {
    return new BoundStep(environment, session);
  }

  /** Name of the i-th source. */
  public static String from(int i) {
    return "from." + i;
  }

  /** Name of the i-th target. */
  public static String to(int i) {
    return "to." + i;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException("The session could not be closed", e);
    }
  }
}
