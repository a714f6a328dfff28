package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.Device;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.graph.GraphVariant;
import io.urteil.engine.graph.Int8Weights;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.engine.onnx.ReferenceInferenceDecoder;
import io.urteil.engine.onnx.ScalarModel;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.DataType;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight-bit weights against the same numbers multiplied out in double precision. */
@Timeout(120)
class Int8DecoderTest {

  private static final EngineSettings SETTINGS =
      EngineSettings.of(4, 64).withWeights(WeightPrecision.INT8);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  static Stream<Named<DecoderConfig>> shapes() {
    return Stream.of(
        Named.of("Qwen2: bias, tied head", TinyModel.QWEN2),
        Named.of("Qwen3: rows end with half a block", TinyModel.QWEN3),
        Named.of("Llama: no bias, own head", TinyModel.LLAMA),
        Named.of("six heads on three", TinyModel.WIDE_GROUPS),
        Named.of("the demo's shape", TinyModel.DEMO));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldAgreeWithTheDequantisedReferenceWhenProductsAreFloats(DecoderConfig config)
      throws IOException, OrtException {
    // Given
    Path model = TinyModel.write(directory.resolve("model"), config, 5);
    ReferenceInferenceDecoder reference = new ReferenceInferenceDecoder(dequantised(config, 5));
    int[] tokens = TinyModel.tokens(config, 40, 7);

    try (InferenceDecoder decoder = open(model, SETTINGS, GraphVariant.FLOAT_PRODUCTS)) {
      // When
      decoder.prefill(0, List.of(Arrays.copyOf(tokens, 25)));

      // Then
      assertThat(error(decoder, reference.logits(Arrays.copyOf(tokens, 25)))).isLessThan(1e-5);
      for (int length = 26; length <= 40; length++) {
        decoder.put(0, tokens[length - 1], length - 1);
        decoder.decode(1, length);
        assertThat(error(decoder, reference.logits(Arrays.copyOf(tokens, length))))
            .isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void shouldStayNearSinglePrecisionWhenProductsAreIntegers(DecoderConfig config)
      throws IOException, OrtException {
    // Given
    Path model = TinyModel.write(directory.resolve("model"), config, 5);
    ReferenceInferenceDecoder reference = new ReferenceInferenceDecoder(model);
    int[] tokens = TinyModel.tokens(config, 60, 7);
    double squares = 0;

    try (InferenceDecoder decoder = open(model, SETTINGS, GraphVariant.INTEGER_PRODUCTS)) {
      for (int length = 20; length <= 60; length++) {
        // When
        decoder.extend(0, tokens, length == 20 ? 0 : length - 1, length);

        // Then
        double error = error(decoder, reference.logits(Arrays.copyOf(tokens, length)));
        assertThat(error).as("largest error over largest logit").isLessThan(0.2);
        squares += error * error;
      }
    }
    // Random weights are the worst case: nothing in them is redundant.
    assertThat(Math.sqrt(squares / 41)).isLessThan(0.08);
  }

  @Test
  void shouldReadEmbeddingsAsTheyAreStoredWhenTheFilesHoldHalfPrecision()
      throws IOException, OrtException {
    // Given
    DecoderConfig config = TinyModel.QWEN2;
    SequencedMap<String, TensorData> halves = new LinkedHashMap<>();
    TinyModel.weights(config, 5).forEach((name, tensor) -> halves.put(name, halved(tensor)));
    Path stored = TinyModel.write(directory.resolve("f16"), config, halves);
    ReferenceInferenceDecoder reference =
        new ReferenceInferenceDecoder(dequantised(config, halves));
    int[] tokens = TinyModel.tokens(config, 20, 7);

    // When
    try (InferenceDecoder decoder = open(stored, SETTINGS, GraphVariant.FLOAT_PRODUCTS)) {
      decoder.prefill(0, List.of(tokens));

      // Then
      assertThat(error(decoder, reference.logits(tokens))).isLessThan(1e-5);
    }
  }

  @Test
  void shouldQuantiseTheTrunkAndLeaveTheScoresOfAScalarModelInFloats() throws IOException {
    // Given
    Path model = Path.of("src/test/resources/decoders/qwen2-scalar");
    int[] tokens = {3, 5, 8, 13};

    try (ScalarModel floats = ScalarModel.open(model, EngineSettings.of(2, 64));
        ScalarModel bytes = ScalarModel.open(model, SETTINGS)) {
      // When
      float exact = floats.score(tokens)[0];
      float near = bytes.score(tokens)[0];

      // Then
      assertThat(Int8Weights.matrices(ModelDirectory.open(model).config()))
          .isNotEmpty()
          .doesNotContainKey("score.weight");
      assertThat(near).isNotEqualTo(exact).isCloseTo(exact, within(0.1f * Math.abs(exact) + 0.05f));
    }
  }

  @Test
  void shouldExchangeWeightsAndRefuseThoseThatAreNoNumbersWhileEightBitsServe() throws Exception {
    // Given
    DecoderConfig config = TinyModel.QWEN2;
    Path first = TinyModel.write(directory.resolve("first"), config, 1);
    Path second = TinyModel.write(directory.resolve("second"), config, 2);
    SequencedMap<String, TensorData> damaged = TinyModel.weights(config, 3);
    TensorData matrix =
        Objects.requireNonNull(damaged.get("model.layers.1.mlp.up_proj.weight"), "up_proj");
    float[] values = floats(matrix);
    Arrays.fill(values, Float.NaN);
    damaged.put("model.layers.1.mlp.up_proj.weight", TensorData.floats(matrix.shape(), values));
    Path third = TinyModel.write(directory.resolve("third"), config, damaged);
    CompletionRequest request =
        new CompletionRequest("r", new int[] {3, 7}, 1, Sampling.greedy(12, List.of()));
    MemoryLedger ledger = new MemoryLedger(1L << 30);

    try (OnnxEngine engine = OnnxEngine.start(SETTINGS, ledger)) {
      // When
      LoadOutcome loaded = engine.switchTo(ModelVersion.of("first"), first).get();
      Completion before = engine.submit(request).get();
      LoadOutcome exchanged = engine.switchTo(ModelVersion.of("second"), second).get();
      LoadOutcome refused = engine.switchTo(ModelVersion.of("third"), third).get();
      Completion after = engine.submit(request).get();

      // Then
      assertThat(loaded).isInstanceOf(LoadOutcome.Loaded.class);
      assertThat(exchanged).isInstanceOf(LoadOutcome.Loaded.class);
      assertThat(refused)
          .isInstanceOfSatisfying(
              LoadOutcome.Rejected.class,
              outcome -> assertThat(outcome.reason()).contains("expected: finite"));
      assertThat(before.version()).isEqualTo(ModelVersion.of("first"));
      assertThat(after.version()).isEqualTo(ModelVersion.of("second"));
      assertThat(after.samples().getFirst().tokenIds())
          .isNotEqualTo(before.samples().getFirst().tokenIds());
    }
    assertThat(ledger.taken()).isZero();
  }

  @Test
  void shouldRefuseADeviceOfItsOwnMemory() throws IOException {
    // Given
    Path model = TinyModel.write(directory.resolve("model"), TinyModel.QWEN2, 1);
    EngineSettings bound = SETTINGS.withDevice(Device.parse("cpu:bound", "auto"));

    // When, Then
    assertThatThrownBy(() -> open(model, bound, GraphVariant.INTEGER_PRODUCTS))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("weights: int8 (expected: f32 on device cpu:bound)");
  }

  private static InferenceDecoder open(Path model, EngineSettings settings, int accuracyLevel)
      throws IOException {
    return new DecoderLoader(OnnxRuntime.environment(), settings, accuracyLevel).open(model);
  }

  private Path dequantised(DecoderConfig config, long seed) throws IOException {
    return dequantised(config, TinyModel.weights(config, seed));
  }

  /** The same model with the numbers that its bytes stand for; the embedding is as it was. */
  private Path dequantised(DecoderConfig config, SequencedMap<String, TensorData> weights)
      throws IOException {
    SequencedMap<String, TensorData> result = new LinkedHashMap<>();
    DecoderConfig untied =
        new DecoderConfig(
            config.modelType(),
            new DecoderConfig.Dimensions(
                config.hiddenSize(),
                config.intermediateSize(),
                config.layers(),
                config.heads(),
                config.keyValueHeads(),
                config.headDimension(),
                config.vocabularySize(),
                256),
            1e-6,
            10_000,
            false,
            List.of(1));
    untied
        .tensorShapes()
        .forEach(
            (name, shape) -> {
              TensorData stored =
                  weights.get(
                      name.equals("lm_head.weight") && config.tiedEmbeddings()
                          ? "model.embed_tokens.weight"
                          : name);
              Objects.requireNonNull(stored, name);
              result.put(
                  name,
                  name.endsWith("_proj.weight") || name.equals("lm_head.weight")
                      ? rounded(stored)
                      : stored);
            });
    return TinyModel.write(directory.resolve("dequantised"), untied, result);
  }

  private static TensorData rounded(TensorData matrix) {
    int width = (int) matrix.shape()[1];
    float[] values = floats(matrix);
    for (int row = 0; row < values.length; row += width) {
      for (int block = row; block < row + width; block += 32) {
        int end = Math.min(block + 32, row + width);
        float largest = 0;
        for (int i = block; i < end; i++) {
          largest = Math.max(largest, Math.abs(values[i]));
        }
        float step = largest / 127;
        for (int i = block; i < end; i++) {
          double steps = Math.abs(values[i] * (1 / step));
          values[i] = (float) Math.floor(steps + 0.5) * step * Math.signum(values[i]);
        }
      }
    }
    return TensorData.floats(matrix.shape(), values);
  }

  private static TensorData halved(TensorData tensor) {
    float[] values = floats(tensor);
    ByteBuffer halves = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      halves.putShort(Float.floatToFloat16(value));
    }
    return new TensorData(DataType.F16, tensor.shape(), halves.flip());
  }

  private static float[] floats(TensorData tensor) {
    ByteBuffer bytes = tensor.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / tensor.dataType().bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          tensor.dataType() == DataType.F16
              ? Float.float16ToFloat(bytes.getShort(2 * i))
              : bytes.getFloat(4 * i);
    }
    return values;
  }

  private static double error(InferenceDecoder decoder, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double error = 0;
    for (int id = 0; id < expected.length; id++) {
      error = Math.max(error, Math.abs(decoder.logits().rows().get(id) - expected[id]) / largest);
    }
    return error;
  }
}
