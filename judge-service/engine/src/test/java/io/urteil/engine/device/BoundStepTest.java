package io.urteil.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.urteil.engine.EngineException;
import io.urteil.engine.device.DeviceMemory.Block;
import io.urteil.engine.device.DeviceMemory.Device;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.graph.OnnxGraph.Element;
import io.urteil.engine.onnx.ReferenceInferenceDecoder;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.engine.runtime.OnnxRuntime;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bindings on the CPU, where the same calls are made as on a device. */
class BoundStepTest {

  private static final DecoderConfig CONFIG = TinyModel.QWEN2;
  private static final int CAPACITY = 64;
  private static final int[] TOKENS = {7, 3, 40, 11, 29, 2, 48, 15};

  private final OrtEnvironment environment = OnnxRuntime.environment();
  private final LongBuffer ids = direct(8).asLongBuffer();
  private final IntBuffer last = direct(4).asIntBuffer();
  private final IntBuffer total = direct(4).asIntBuffer();
  private final LongBuffer wanted = direct(8).asLongBuffer();
  private final FloatBuffer logits = direct(4 * CONFIG.vocabularySize()).asFloatBuffer();
  private final List<OnnxTensor> host = new ArrayList<>();

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private OrtSession session;

  @BeforeEach
  void openSession() throws Exception {
    TinyModel.write(directory, CONFIG, 1);
    byte[] graph = DecoderGraph.export(CONFIG, ModelDirectory.open(directory).weights(), CAPACITY);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", directory.toString());
      session = environment.createSession(graph, options);
    }
  }

  @AfterEach
  void closeSession() throws Exception {
    host.forEach(OnnxTensor::close);
    session.close();
  }

  @Test
  void shouldDecodeAsTheReferenceDoesWithKeysAndValuesInDeviceMemory() throws Exception {
    // Given
    ReferenceInferenceDecoder reference = new ReferenceInferenceDecoder(directory);
    try (DeviceMemory memory = new DeviceMemory(environment, session, Device.CPU, 0);
        BoundStep step = bind(memory, blocks(memory, 1), 0)) {

      for (int position = 0; position < TOKENS.length; position++) {
        // When
        feed(TOKENS[position], position);
        step.run();

        // Then
        assertClose(reference.logits(Arrays.copyOf(TOKENS, position + 1)));
      }
    }
  }

  @Test
  void shouldGoOnFromACopiedSlot() throws Exception {
    // Given
    ReferenceInferenceDecoder reference = new ReferenceInferenceDecoder(directory);
    try (DeviceMemory memory = new DeviceMemory(environment, session, Device.CPU, 0)) {
      List<Block> blocks = blocks(memory, 2);
      try (BoundStep first = bind(memory, blocks, 0);
          BoundStep second = bind(memory, blocks, 1)) {
        for (int position = 0; position < 5; position++) {
          feed(TOKENS[position], position);
          first.run();
        }

        // When
        try (DeviceCopier copier =
                new DeviceCopier(environment, blocks.size(), Element.FLOAT, this::open);
            BoundStep copy = copier.copy()) {
          for (int i = 0; i < blocks.size(); i++) {
            copy.input(DeviceCopier.from(i), flat(memory, blocks.get(i), 0));
            copy.output(DeviceCopier.to(i), flat(memory, blocks.get(i), 1));
          }
          copy.run();
        }
        for (int position = 5; position < TOKENS.length; position++) {
          feed(TOKENS[position], position);
          second.run();
        }

        // Then
        assertClose(reference.logits(TOKENS));
      }
    }
  }

  @Test
  void shouldSayInTheRuntimesWordsWhatIsWrong() {
    // When / Then
    assertThatThrownBy(() -> new DeviceMemory(environment, session, Device.CUDA, 0))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("CREATE_ALLOCATOR");
    try (BoundStep step = new BoundStep(environment, session)) {
      assertThatThrownBy(step::run).isInstanceOf(EngineException.class);
    }
    try (DeviceMemory memory = new DeviceMemory(environment, session, Device.CPU, 0)) {
      Block block = memory.allocate(16);
      assertThatThrownBy(() -> memory.view(block, 4, OnnxJavaType.FLOAT, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes 4 to 20 (expected: within the 16");
    }
  }

  private BoundStep bind(DeviceMemory memory, List<Block> blocks, int slot) throws Exception {
    BoundStep step =
        new BoundStep(environment, session)
            .input(DecoderGraph.INPUT_IDS, tensor(ids, 1, 1))
            .input(
                DecoderGraph.LAST_POSITION,
                keep(OnnxTensor.createTensor(environment, last, shape(1))))
            .input(
                DecoderGraph.TOTAL_LENGTH,
                keep(OnnxTensor.createTensor(environment, total, shape())))
            .input(DecoderGraph.LOGITS_POSITION, tensor(wanted, 1, 1))
            .output(
                DecoderGraph.LOGITS,
                keep(
                    OnnxTensor.createTensor(
                        environment, logits, shape(1, CONFIG.vocabularySize()))));
    for (int block = 0; block < blocks.size(); block++) {
      DeviceMemory.Tensor view = slot(memory, blocks.get(block), slot);
      String part = DecoderGraph.CACHE_PARTS.get(block % 2);
      step.input(DecoderGraph.past(block / 2, part), view);
      step.output(DecoderGraph.present(block / 2, part), view);
    }
    return step;
  }

  private static List<Block> blocks(DeviceMemory memory, int slots) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 2 * CONFIG.layers(); i++) {
      blocks.add(memory.allocate(slots * slotBytes()));
    }
    return blocks;
  }

  private static DeviceMemory.Tensor slot(DeviceMemory memory, Block block, int slot) {
    return memory.view(
        block,
        slot * slotBytes(),
        OnnxJavaType.FLOAT,
        1,
        CONFIG.keyValueHeads(),
        CAPACITY,
        CONFIG.headDimension());
  }

  private static DeviceMemory.Tensor flat(DeviceMemory memory, Block block, int slot) {
    return memory.view(block, slot * slotBytes(), OnnxJavaType.FLOAT, 1, slotBytes() / 4);
  }

  private OrtSession open(byte[] graph) {
    try {
      return environment.createSession(graph);
    } catch (OrtException e) {
      throw new EngineException("no session", e);
    }
  }

  private static long slotBytes() {
    return 4L * CONFIG.keyValueHeads() * CAPACITY * CONFIG.headDimension();
  }

  private void feed(int token, int position) {
    ids.put(0, token);
    last.put(0, position);
    total.put(0, position + 1);
    wanted.put(0, 0);
  }

  private void assertClose(double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int id = 0; id < expected.length; id++) {
      assertThat((double) logits.get(id))
          .isCloseTo(expected[id], org.assertj.core.api.Assertions.within(1e-5 * largest));
    }
  }

  private OnnxTensor tensor(LongBuffer values, long... shape) throws Exception {
    return keep(OnnxTensor.createTensor(environment, values, shape));
  }

  private OnnxTensor keep(OnnxTensor tensor) {
    host.add(tensor);
    return tensor;
  }

  private static long[] shape(long... dimensions) {
    return dimensions;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
