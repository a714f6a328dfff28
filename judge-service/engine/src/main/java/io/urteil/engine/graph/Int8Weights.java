package io.urteil.engine.graph;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.urteil.model.DecoderConfig;
import io.urteil.model.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The matrices of a model, quantised by {@link BlockQuantisation}, outside the heap: for each
 * {@code [out, in]} one tensor of bytes {@code [out, blocks, 32]} and one of scales {@code [out *
 * blocks]}. They are quantised row by row from the mapped files, on the calling thread.
 */
public final class Int8Weights implements AutoCloseable {

  private static final String PROJECTION = "_proj.weight";
  private static final String BYTES = ".int8";
  private static final String SCALES = ".scales";

  private final Arena arena = Arena.ofShared();
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

  private Int8Weights() {}

  /**
   * The matrix factors and their shapes: projections and the language head, which may be the
   * embedding. The head of a scalar model has one or two rows, and is not quantised.
   */
  public static SequencedMap<String, long[]> matrices(DecoderConfig config) {
    SequencedMap<String, long[]> matrices = new LinkedHashMap<>();
    config
        .tensorShapes()
        .forEach(
            (name, shape) -> {
              if (name.endsWith(PROJECTION)
                  || (name.equals(config.headTensor()) && !config.isScalar())) {
                matrices.put(name, shape);
              }
            });
    return Collections.unmodifiableSequencedMap(matrices);
  }

  /** Bytes of one matrix and its scales. */
  public static long bytes(long[] shape) {
    return byteCount(shape) + scaleCount(shape) * Float.BYTES;
  }

  public static long byteCount(long[] shape) {
    return scaleCount(shape) * BlockQuantisation.BLOCK;
  }

  public static long scaleCount(long[] shape) {
    return shape[0] * BlockQuantisation.blocks(shape[1]);
  }

  /** Name of a matrix's bytes in the graph. */
  static String bytesOf(String matrix) {
    return matrix + BYTES;
  }

  static String scalesOf(String matrix) {
    return matrix + SCALES;
  }

  /** Quantises the matrices of a model. */
  public static Int8Weights of(
      OrtEnvironment environment, DecoderConfig config, Map<String, WeightTensor> weights)
      throws OrtException {
    Int8Weights quantised = new Int8Weights();
    try {
      for (Map.Entry<String, long[]> matrix : matrices(config).entrySet()) {
        WeightTensor tensor = weights.get(matrix.getKey());
        if (tensor == null) {
          throw new IllegalArgumentException(matrix.getKey() + ": no such tensor");
        }
        quantised.add(environment, matrix.getKey(), matrix.getValue(), tensor);
      }
      return quantised;
    } catch (OrtException | RuntimeException e) {
      quantised.close();
      throw e;
    }
  }

  /** Adds them to the options of a session; the session copies them. */
  public void addTo(SessionOptions options) throws OrtException {
    options.addExternalInitializers(new LinkedHashMap<>(tensors));
  }

  private void add(OrtEnvironment environment, String name, long[] shape, WeightTensor tensor)
      throws OrtException {
    int out = Math.toIntExact(shape[0]);
    int blocks = BlockQuantisation.blocks(shape[1]);
    MemorySegment bytes = arena.allocate(byteCount(shape), 64);
    MemorySegment scales = arena.allocate(scaleCount(shape) * Float.BYTES, 64);
    float[] row = new float[Math.toIntExact(shape[1])];
    byte[] rowBytes = new byte[blocks * BlockQuantisation.BLOCK];
    float[] rowScales = new float[blocks];
    for (int i = 0; i < out; i++) {
      tensor.read((long) i * row.length, row);
      BlockQuantisation.quantise(row, rowBytes, rowScales);
      MemorySegment.copy(
          rowBytes, 0, bytes, ValueLayout.JAVA_BYTE, (long) i * rowBytes.length, rowBytes.length);
      MemorySegment.copy(
          rowScales, 0, scales, ValueLayout.JAVA_FLOAT, (long) i * blocks * Float.BYTES, blocks);
    }
    tensors.put(
        bytesOf(name),
        OnnxTensor.createTensor(
            environment,
            buffer(bytes),
            new long[] {out, blocks, BlockQuantisation.BLOCK},
            OnnxJavaType.UINT8));
    tensors.put(
        scalesOf(name),
        OnnxTensor.createTensor(
            environment, buffer(scales).asFloatBuffer(), new long[] {scaleCount(shape)}));
  }

  private static ByteBuffer buffer(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
    arena.close();
  }
}
