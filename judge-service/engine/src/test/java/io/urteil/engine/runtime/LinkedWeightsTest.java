package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Model directories of links, such as the snapshots in a cache of the Hugging Face hub. */
class LinkedWeightsTest {

  private static final int[] PROMPT = TinyModel.tokens(TinyModel.QWEN2, 9, 3);

  private final Path directory;

  LinkedWeightsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @EnumSource(WeightPrecision.class)
  void shouldOpenTheFilesThatLinksLeadTo(WeightPrecision precision) throws Exception {
    // Given
    Path plain = TinyModel.write(directory.resolve("plain"), TinyModel.QWEN2, 1);
    Path cached = Files.createDirectories(directory.resolve("models--o--m/snapshots/c"));
    link(plain.resolve("model.safetensors"), "models--o--m/blobs/2", cached, "model.safetensors");
    link(plain.resolve("config.json"), "models--o--m/blobs/1", cached, "config.json");
    Path split = split(plain);

    // When
    float[] expected = logits(plain, precision);

    // Then
    assertThat(logits(cached, precision)).isEqualTo(expected);
    assertThat(logits(split, precision)).isEqualTo(expected);
  }

  /** Two shards behind links into two folders. */
  private Path split(Path plain) throws IOException {
    SequencedMap<String, TensorData> all =
        Safetensors.open(plain.resolve("model.safetensors")).tensors();
    SequencedMap<String, TensorData> one = new LinkedHashMap<>();
    SequencedMap<String, TensorData> two = new LinkedHashMap<>();
    ObjectNode index = new ObjectMapper().createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    all.forEach(
        (name, tensor) -> {
          boolean first = one.size() <= two.size();
          (first ? one : two).put(name, tensor);
          map.put(name, first ? "one.safetensors" : "two.safetensors");
        });
    Path split = Files.createDirectories(directory.resolve("split"));
    Files.copy(plain.resolve("config.json"), split.resolve("config.json"));
    Files.writeString(split.resolve("model.safetensors.index.json"), index.toString());
    Path written = directory.resolve("written.safetensors");
    Safetensors.write(written, one, Map.of());
    link(written, "a/deep/one", split, "one.safetensors");
    Safetensors.write(written, two, Map.of());
    link(written, "b/two", split, "two.safetensors");
    return split;
  }

  private void link(Path content, String place, Path folder, String name) throws IOException {
    Path file = directory.resolve(place);
    Files.createDirectories(file.getParent());
    Files.copy(content, file);
    Files.createSymbolicLink(folder.resolve(name), folder.relativize(file));
  }

  private static float[] logits(Path model, WeightPrecision precision) throws Exception {
    EngineSettings settings = EngineSettings.of(1, 32).withWeights(precision);
    try (InferenceDecoder decoder =
        new DecoderLoader(OnnxRuntime.environment(), settings).open(model)) {
      decoder.extend(0, PROMPT, 0, PROMPT.length);
      FloatBuffer rows = decoder.logits().rows();
      float[] logits = new float[TinyModel.QWEN2.vocabularySize()];
      rows.get(logits);
      return logits;
    }
  }
}
