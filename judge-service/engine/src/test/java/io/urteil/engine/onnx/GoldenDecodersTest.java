package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.graph.DecoderGraph;
import io.urteil.engine.runtime.DecoderLoader;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.runtime.OnnxRuntime;
import io.urteil.model.ModelDirectory;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Model directories that transformers saved, against what transformers computed with them. Made by
 * {@code ops/python/golden/decoders.py}.
 */
class GoldenDecodersTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final EngineSettings SETTINGS = EngineSettings.of(3, 128).withPrefill(128, 32);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "qwen2-untied",
        "qwen3",
        "llama",
        "llama3",
        "qwen2-bf16",
        "llama-f16-sharded"
      })
  void shouldGiveTheLogitsOfTransformers(String name) throws Exception {
    // Given
    JsonNode golden = golden(name);
    int[] prompt = ints(golden.path("prompt"));
    int[] further = ints(golden.path("further"));

    // When
    List<float[]> logits = new ArrayList<>();
    try (InferenceDecoder decoder = loader().open(directory(name))) {
      decoder.extend(0, prompt, 0, 50);
      decoder.extend(0, prompt, 50, prompt.length);
      logits.add(logits(decoder));
      for (int i = 0; i < further.length; i++) {
        decoder.put(0, further[i], prompt.length + i);
        decoder.decode(1, prompt.length + i + 1);
        logits.add(logits(decoder));
      }
    }

    // Then
    assertThat(logits).hasSize(golden.path("logits").size());
    for (int i = 0; i < logits.size(); i++) {
      assertClose("step " + i, logits.get(i), golden.path("logits").path(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-scalar", "qwen3-scalar", "llama-scalar-bf16"})
  void shouldGiveTheScoresOfTransformers(String name) throws Exception {
    // Given
    JsonNode golden = golden(name);
    List<int[]> sequences = golden.path("sequences").valueStream().map(this::ints).toList();

    // When
    List<float[]> together;
    List<float[]> alone = new ArrayList<>();
    try (ScalarModel model = ScalarModel.open(directory(name), settings())) {
      together = model.score(sequences);
      sequences.forEach(sequence -> alone.add(model.score(sequence)));
      assertThat(model.labels()).isEqualTo(golden.path("scores").path(0).size());
    }

    // Then
    for (int i = 0; i < sequences.size(); i++) {
      assertClose("together " + i, together.get(i), golden.path("scores").path(i));
      assertClose("alone " + i, alone.get(i), golden.path("scores").path(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-bf16", "llama-f16-sharded"})
  void shouldConvertWeightsWhenTheSessionOpensAndNotInEveryStep(String name) throws Exception {
    // Given
    ModelDirectory directory = ModelDirectory.open(directory(name));
    byte[] graph = DecoderGraph.export(directory.config(), directory.weights(), 64);
    Path optimised = temporary.resolve("optimised.onnx");

    // When
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizedModelFilePath(optimised.toString());
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path",
          directory.path().toAbsolutePath().toString());
      OnnxRuntime.environment().createSession(graph, options).close();
    }

    // Then
    String nodes = new String(Files.readAllBytes(optimised), StandardCharsets.ISO_8859_1);
    assertThat(new String(graph, StandardCharsets.ISO_8859_1)).contains("Cast");
    assertThat(nodes).contains("GroupQueryAttention").doesNotContain("Cast");
  }

  @Test
  void shouldNotTakeOneKindOfModelForTheOther() {
    assertThatThrownBy(() -> ScalarModel.open(directory("qwen3"), settings()))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("architectures: a language model (expected: …ForSequenceClass");
    assertThatThrownBy(() -> loader().open(directory("qwen3-scalar")))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("architectures: a model that scores (expected: …ForCausalLM");
  }

  @Test
  void shouldNameTheSequenceThatCannotBeScored() throws Exception {
    try (ScalarModel model = ScalarModel.open(directory("qwen2-scalar"), settings())) {
      assertThatThrownBy(() -> model.score(List.of(new int[] {5}, new int[0])))
          .hasMessage("sequence 1: 0 tokens (expected: 1 to 128, the capacity of a slot)");
      assertThatThrownBy(() -> model.score(new int[129]))
          .hasMessage("sequence 0: 129 tokens (expected: 1 to 128, the capacity of a slot)");
      assertThatThrownBy(() -> model.score(new int[] {97}))
          .hasMessage("sequence 0: token 97 (expected: 0 to 96)");
      assertThat(model.score(List.of())).isEmpty();
      assertThat(model.score(new int[] {0})).hasSize(1);
      model.close();
      assertThatThrownBy(() -> model.score(new int[] {5})).hasMessage("The scalar model is closed");
    }
  }

  /** Of the engines that are looked at. */
  /** The largest difference of a logit, as a share of the largest logit. */
  double tolerance() {
    return 1e-4;
  }

  EngineSettings settings() {
    return SETTINGS;
  }

  private DecoderLoader loader() {
    return new DecoderLoader(OnnxRuntime.environment(), settings());
  }

  private static float[] logits(InferenceDecoder decoder) {
    float[] row = new float[decoder.config().outputs()];
    decoder.logits().rows().get(0, row);
    return row;
  }

  /** Largest difference over largest expected value. */
  private void assertClose(String what, float[] found, JsonNode expected) {
    double largest = 0;
    double difference = 0;
    assertThat(found).hasSize(expected.size());
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected.path(i).asDouble()));
      difference = Math.max(difference, Math.abs(found[i] - expected.path(i).asDouble()));
    }
    assertThat(difference / largest).as(what).isLessThan(tolerance());
  }

  private static JsonNode golden(String name) throws IOException {
    return MAPPER.readTree(directory(name).resolve("golden.json").toFile());
  }

  private static Path directory(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(GoldenDecodersTest.class.getResource("/decoders/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
