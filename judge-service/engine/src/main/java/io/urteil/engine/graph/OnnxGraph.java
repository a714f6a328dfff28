package io.urteil.engine.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ONNX model under construction, written as protocol buffers by the field numbers of onnx.proto3
 * (IR version 10, operator set 21, and ONNX Runtime's own operators). Nodes are added in execution
 * order; each value has one name.
 */
public final class OnnxGraph {

  /** Element types by their number in TensorProto.DataType. */
  public enum Element {
    FLOAT(1),
    UINT8(2),
    INT32(6),
    INT64(7),
    FLOAT16(10),
    BFLOAT16(16);

    private final int number;

    Element(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** Bytes of one number. */
    public int bytes() {
      return switch (this) {
        case UINT8 -> 1;
        case FLOAT16, BFLOAT16 -> 2;
        case FLOAT, INT32 -> 4;
        case INT64 -> 8;
      };
    }
  }

  public static final String ONNX = "";
  static final String MICROSOFT = "com.microsoft";

  private static final int IR_VERSION = 10;
  private static final int OPERATOR_SET = 21;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int EXTERNAL = 1;

  private final List<ProtobufWriter> nodes = new ArrayList<>();
  private final List<ProtobufWriter> initializers = new ArrayList<>();
  private final List<ProtobufWriter> inputs = new ArrayList<>();
  private final List<ProtobufWriter> outputs = new ArrayList<>();
  private int names;

  /** A dimension is an Integer or Long if it is known, or the name of an unknown dimension. */
  public void input(String name, Element element, Object... dimensions) {
    inputs.add(value(name, element, dimensions));
  }

  public void output(String name, Element element, Object... dimensions) {
    outputs.add(value(name, element, dimensions));
  }

  /** A unique name. */
  String fresh() {
    return "v" + names++;
  }

  /** Adds a node with one output and returns the output's name. */
  String node(String domain, String operator, Map<String, Number> attributes, String... from) {
    String result = fresh();
    nodeTo(List.of(result), domain, operator, attributes, from);
    return result;
  }

  /** Adds a node with named outputs; an empty name omits an optional output. */
  public void nodeTo(
      List<String> results,
      String domain,
      String operator,
      Map<String, Number> attributes,
      String... from) {
    ProtobufWriter node = new ProtobufWriter();
    for (String input : from) {
      node.text(1, input);
    }
    results.forEach(result -> node.text(2, result));
    node.text(3, operator + "_" + names++).text(4, operator);
    new TreeMap<>(attributes).forEach((name, value) -> node.message(5, attribute(name, value)));
    if (!domain.equals(ONNX)) {
      node.text(7, domain);
    }
    nodes.add(node);
  }

  /** A weight that stays in its file: {@code length} bytes from {@code offset}. */
  void external(String name, Element element, long[] shape, String file, long offset, long length) {
    ProtobufWriter tensor = tensor(name, element, shape);
    tensor.message(13, new ProtobufWriter().text(1, "location").text(2, file));
    tensor.message(13, new ProtobufWriter().text(1, "offset").text(2, Long.toString(offset)));
    tensor.message(13, new ProtobufWriter().text(1, "length").text(2, Long.toString(length)));
    tensor.number(14, EXTERNAL);
    initializers.add(tensor);
  }

  String constant(long... values) {
    ByteBuffer bytes = littleEndian(Long.BYTES * values.length);
    bytes.asLongBuffer().put(values);
    String name = fresh();
    initializers.add(
        tensor(name, Element.INT64, new long[] {values.length}).bytes(9, bytes.array()));
    return name;
  }

  void constant(String name, long[] shape, float[] values) {
    ByteBuffer bytes = littleEndian(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    initializers.add(tensor(name, Element.FLOAT, shape).bytes(9, bytes.array()));
  }

  /** The serialised model. */
  public byte[] toByteArray(String name) {
    ProtobufWriter graph = new ProtobufWriter();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, name);
    initializers.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(value -> graph.message(11, value));
    outputs.forEach(value -> graph.message(12, value));
    return new ProtobufWriter()
        .number(1, IR_VERSION)
        .text(2, "urteil")
        .message(7, graph)
        .message(8, new ProtobufWriter().text(1, ONNX).number(2, OPERATOR_SET))
        .message(8, new ProtobufWriter().text(1, MICROSOFT).number(2, 1))
        .toByteArray();
  }

  private static ProtobufWriter attribute(String name, Number value) {
    ProtobufWriter attribute = new ProtobufWriter().text(1, name);
    return value instanceof Float || value instanceof Double
        ? attribute.float32(2, value.floatValue()).number(20, ATTRIBUTE_FLOAT)
        : attribute.number(3, value.longValue()).number(20, ATTRIBUTE_INT);
  }

  private static ProtobufWriter value(String name, Element element, Object... dimensions) {
    ProtobufWriter shape = new ProtobufWriter();
    for (Object dimension : dimensions) {
      shape.message(
          1,
          dimension instanceof Number number
              ? new ProtobufWriter().number(1, number.longValue())
              : new ProtobufWriter().text(2, (String) dimension));
    }
    ProtobufWriter type = new ProtobufWriter().number(1, element.number).message(2, shape);
    return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, type));
  }

  private static ProtobufWriter tensor(String name, Element element, long[] shape) {
    ProtobufWriter tensor = new ProtobufWriter();
    for (long dimension : shape) {
      tensor.number(1, dimension);
    }
    return tensor.number(2, element.number).text(8, name);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
