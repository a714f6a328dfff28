package io.urteil.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the weights of a model directory, one file or shards, and compares them with its shape. */
final class WeightFiles {

  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final List<String> OTHER_WEIGHTS = List.of(".gguf", ".bin", ".pth", ".onnx");
  private static final long INDEX_BYTES_MAX = 32_000_000;

  private WeightFiles() {}

  /** The expected tensors in order; problems with the files are added to {@code problems}. */
  static SequencedMap<String, WeightTensor> open(
      Path directory, @Nullable DecoderConfig config, List<String> problems) throws IOException {
    Map<String, WeightTensor> found = new TreeMap<>();
    int before = problems.size();
    if (Files.isRegularFile(directory.resolve(SINGLE))) {
      addFile(directory, SINGLE, found, problems);
    } else if (Files.isRegularFile(directory.resolve(INDEX))) {
      addShards(directory, found, problems);
    } else {
      problems.add(
          "weights: %s (expected: %s or %s)".formatted(otherWeights(directory), SINGLE, INDEX));
    }
    // Without readable files every tensor would be reported as missing.
    if (config == null || problems.size() > before) {
      return new LinkedHashMap<>();
    }
    return inOrder(config, found, problems);
  }

  /** The weights in other formats, or that there are none. */
  private static String otherWeights(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> OTHER_WEIGHTS.stream().anyMatch(name::endsWith))
          .min(Comparator.naturalOrder())
          .map(name -> "only '" + name + "'")
          .orElse("missing");
    }
  }

  private static SequencedMap<String, WeightTensor> inOrder(
      DecoderConfig config, Map<String, WeightTensor> found, List<String> problems) {
    SequencedMap<String, WeightTensor> weights = new LinkedHashMap<>();
    if (config.layers() > found.size()) {
      // The names of the expected tensors would not fit in memory.
      problems.add(
          "num_hidden_layers: %d (expected: at most %d, the number of tensors in the weights)"
              .formatted(config.layers(), found.size()));
      return weights;
    }
    SequencedMap<String, long[]> expected = config.tensorShapes();
    expected.forEach(
        (name, shape) -> {
          WeightTensor tensor = found.get(name);
          if (tensor == null) {
            problems.add(
                "%s: missing (expected: shape %s)".formatted(name, Arrays.toString(shape)));
          } else {
            check(tensor, shape, problems);
            weights.put(name, tensor);
          }
        });
    found.forEach(
        (name, tensor) -> {
          if (!expected.containsKey(name) && !isHarmless(name, config)) {
            problems.add(
                "%s: unknown tensor in %s (expected: none besides those of model_type %s)"
                    .formatted(name, tensor.file().file().getFileName(), config.modelType()));
          }
        });
    return weights;
  }

  private static void check(WeightTensor tensor, long[] expected, List<String> problems) {
    TensorEntry entry = tensor.entry();
    Path file = tensor.file().file().getFileName();
    if (!Arrays.equals(entry.shape(), expected)) {
      problems.add(
          "%s: shape %s (expected: %s by config.json) in %s"
              .formatted(
                  entry.name(), Arrays.toString(entry.shape()), Arrays.toString(expected), file));
    }
    if (!entry.dataType().isWeight()) {
      problems.add(
          "%s: dtype %s (expected: F32, F16 or BF16) in %s"
              .formatted(entry.name(), entry.dataType(), file));
    }
  }

  /** A copy of the tied head, and rotary tables of old exports, are redundant. */
  private static boolean isHarmless(String name, DecoderConfig config) {
    return name.endsWith("rotary_emb.inv_freq")
        || ((config.tiedEmbeddings() || config.isScalar()) && name.equals("lm_head.weight"));
  }

  private static void addShards(
      Path directory, Map<String, WeightTensor> found, List<String> problems) throws IOException {
    JsonNode map;
    try {
      map = StrictJson.object(directory.resolve(INDEX), INDEX_BYTES_MAX).path("weight_map");
    } catch (UnusableModelException e) {
      e.problems().forEach(problem -> problems.add(INDEX + ": " + problem));
      return;
    }
    if (!map.isObject() || map.isEmpty()) {
      problems.add("%s: weight_map %s (expected: tensor -> file)".formatted(INDEX, map));
      return;
    }
    TreeSet<String> shards = new TreeSet<>();
    map.forEach(file -> shards.add(file.asText()));
    for (String shard : shards) {
      if (!isPlainName(shard)) {
        problems.add("%s: file '%s' (expected: a name in the same folder)".formatted(INDEX, shard));
      } else if (!Files.isRegularFile(directory.resolve(shard))) {
        problems.add("%s: missing (expected: the file named by %s)".formatted(shard, INDEX));
      } else {
        addFile(directory, shard, found, problems);
      }
    }
  }

  private static boolean isPlainName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
  }

  private static void addFile(
      Path directory, String name, Map<String, WeightTensor> found, List<String> problems)
      throws IOException {
    Safetensors file;
    try {
      file = Safetensors.open(directory.resolve(name));
    } catch (UnusableModelException e) {
      e.problems().forEach(problem -> problems.add(name + ": " + problem));
      return;
    }
    for (TensorEntry entry : file.entries().values()) {
      WeightTensor other = found.put(entry.name(), new WeightTensor(file, entry));
      if (other != null) {
        problems.add(
            "%s: in %s and in %s (expected: once)"
                .formatted(entry.name(), other.file().file().getFileName(), name));
      }
    }
  }
}
