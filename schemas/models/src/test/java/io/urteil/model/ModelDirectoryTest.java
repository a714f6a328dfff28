package io.urteil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.DataType;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.Shapes;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(8, 12, 1, 2, 1, 4, 10, 32),
          1e-6,
          1e4,
          true,
          List.of(1));

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Test
  void shouldOpenAModelInOneFile() throws IOException {
    // Given
    write(CONFIG, weights(CONFIG));

    // When
    ModelDirectory model = ModelDirectory.open(directory);

    // Then
    assertThat(model.config()).isEqualTo(CONFIG);
    assertThat(model.weights().keySet()).containsExactlyElementsOf(CONFIG.tensorShapes().keySet());
    assertThat(model.weight("model.norm.weight").floats()).hasSize(8).containsOnly(8f);
    assertThat(model.endOfSequenceIds()).containsExactly(1);
  }

  @Test
  void shouldOpenAModelInShards() throws IOException {
    // Given
    CONFIG.write(directory);
    SequencedMap<String, TensorData> first = new LinkedHashMap<>();
    SequencedMap<String, TensorData> second = weights(CONFIG);
    first.put("model.norm.weight", second.remove("model.norm.weight"));
    Safetensors.write(directory.resolve("model-1.safetensors"), first, Map.of());
    Safetensors.write(directory.resolve("model-2.safetensors"), second, Map.of());
    StringBuilder index =
        new StringBuilder("{\"weight_map\": {\"model.norm.weight\": \"model-1.safetensors\"");
    second.keySet().forEach(n -> index.append(", \"%s\": \"model-2.safetensors\"".formatted(n)));
    Files.writeString(directory.resolve("model.safetensors.index.json"), index.append("}}"));

    // When
    ModelDirectory model = ModelDirectory.open(directory);

    // Then
    assertThat(model.weights()).hasSize(CONFIG.tensorShapes().size());
    assertThat(model.weight("model.norm.weight").file().file())
        .isEqualTo(directory.resolve("model-1.safetensors"));
    Files.delete(directory.resolve("model-1.safetensors"));
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .hasMessageContaining(
            "model-1.safetensors: missing (expected: the file named by model.safetensors.index.json)");
  }

  @Test
  void shouldListEveryProblemInOneMessage() throws IOException {
    // Given
    SequencedMap<String, TensorData> weights = weights(CONFIG);
    weights.remove("model.norm.weight");
    weights.put(
        "model.layers.0.mlp.up_proj.weight", TensorData.floats(new long[] {8, 12}, new float[96]));
    weights.put(
        "model.layers.0.self_attn.o_proj.bias", TensorData.floats(new long[] {8}, new float[8]));
    weights.put(
        "model.layers.0.input_layernorm.weight",
        new TensorData(DataType.I8, new long[] {8}, ByteBuffer.allocate(8)));
    write(CONFIG, weights);

    // Then
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .hasMessageContaining(directory.toString())
        .isInstanceOfSatisfying(
            UnusableModelException.class,
            e ->
                assertThat(e.problems())
                    .containsExactlyInAnyOrder(
                        "model.norm.weight: missing (expected: shape [8])",
                        "model.layers.0.mlp.up_proj.weight: shape [8, 12] (expected: [12, 8] by"
                            + " config.json) in model.safetensors",
                        "model.layers.0.input_layernorm.weight: dtype I8 (expected: F32, F16 or"
                            + " BF16) in model.safetensors",
                        "model.layers.0.self_attn.o_proj.bias: unknown tensor in"
                            + " model.safetensors (expected: none besides those of model_type"
                            + " qwen2)"));
  }

  @Test
  void shouldSayWhichFilesAreMissing() {
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOfSatisfying(
            UnusableModelException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "config.json: there is no such file",
                        "weights: missing (expected: model.safetensors or"
                            + " model.safetensors.index.json)"));
    assertThatThrownBy(() -> ModelDirectory.open(directory.resolve("nowhere")))
        .hasMessageContaining("there is no such directory");
  }

  @Test
  void shouldIgnoreACopyOfTheTiedHead() throws IOException {
    // Given
    SequencedMap<String, TensorData> weights = weights(CONFIG);
    weights.put("lm_head.weight", TensorData.floats(new long[] {10, 8}, new float[80]));
    write(CONFIG, weights);

    // When
    ModelDirectory model = ModelDirectory.open(directory);

    // Then
    assertThat(model.weights()).doesNotContainKey("lm_head.weight");
  }

  @Test
  void shouldPreferTheGenerationDefaultsWhenTheyAreThere() throws IOException {
    // Given
    write(CONFIG, weights(CONFIG));
    Files.writeString(
        directory.resolve("generation_config.json"),
        "{\"temperature\": 0.7, \"top_k\": 20, \"eos_token_id\": [2, 3]}");

    // When
    ModelDirectory model = ModelDirectory.open(directory);

    // Then
    assertThat(model.endOfSequenceIds()).containsExactly(2, 3);
    assertThat(model.generationDefaults().temperature()).hasValue(0.7);
    assertThat(model.generationDefaults().topK()).hasValue(20);
    assertThat(model.generationDefaults().topP()).isEmpty();
  }

  @Test
  void shouldRefuseGenerationDefaultsThatCannotBeRead() throws IOException {
    // Given
    write(CONFIG, weights(CONFIG));
    Files.writeString(directory.resolve("generation_config.json"), "{\"temperature\": \"hot\"}");

    // Then
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .hasMessageContaining("generation_config.json: temperature: \"hot\" (expected: a number)");
  }

  @Test
  void shouldHashEveryFile() throws IOException {
    // Given
    write(CONFIG, weights(CONFIG));
    Files.writeString(directory.resolve("notes.txt"), "abc");

    // When
    SequencedMap<String, String> hashes = ModelDirectory.open(directory).sha256();

    // Then
    assertThat(hashes.keySet()).containsExactly("config.json", "model.safetensors", "notes.txt");
    assertThat(hashes)
        .containsEntry(
            "notes.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void shouldSayThatThereIsNoTokenizer() throws IOException {
    // Given
    write(CONFIG, weights(CONFIG));
    ModelDirectory model = ModelDirectory.open(directory);

    // Then
    assertThatThrownBy(model::openTokenizer)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining("there is no such file");
  }

  private void write(DecoderConfig config, SequencedMap<String, TensorData> weights)
      throws IOException {
    config.write(directory);
    Safetensors.write(directory.resolve("model.safetensors"), weights, Map.of());
  }

  /** Every element is the number of elements of its tensor's last dimension. */
  private static SequencedMap<String, TensorData> weights(DecoderConfig config) {
    SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
    config
        .tensorShapes()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) Shapes.elements(shape)];
              Arrays.fill(values, shape[shape.length - 1]);
              weights.put(name, TensorData.floats(shape, values));
            });
    return weights;
  }
}
