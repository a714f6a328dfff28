package io.urteil.sampler;

import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.TestEvents;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.FileHash;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** A model of one small layer with random weights, and a tokenizer of one token a character. */
final class TinyPolicy {

  static final int END = 0;
  static final String LETTERS = "abcdefghij 0123456789?";

  static final DecoderConfig SHAPE =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(32, 48, 1, 2, 1, 16, LETTERS.length() + 1, 64),
          1e-6,
          10_000,
          true,
          List.of(END));

  private TinyPolicy() {}

  /** Writes a model directory of the small shape. */
  static Path write(Path directory, long seed) throws IOException {
    return write(directory, SHAPE, seed);
  }

  /** Writes a model directory. */
  static Path write(Path directory, DecoderConfig config, long seed) throws IOException {
    Files.createDirectories(directory);
    config.write(directory);
    SplittableRandom random = new SplittableRandom(seed);
    SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
    config
        .tensorShapes()
        .forEach(
            (name, shape) -> weights.put(name, TensorData.floats(shape, values(shape, random))));
    Safetensors.write(directory.resolve("model.safetensors"), weights, Map.of());
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer());
    return directory;
  }

  /** The ids of letters; a NUL stands for {@link #END}. */
  static int[] ids(String letters) {
    return letters.chars().map(c -> c == 0 ? END : LETTERS.indexOf(c) + 1).toArray();
  }

  /** The event that publishes this directory. */
  static Checkpoint.Builder checkpoint(Path directory, long version) throws IOException {
    List<CheckpointFile> files = new ArrayList<>();
    try (var found = Files.list(directory)) {
      for (Path file : found.sorted().toList()) {
        files.add(
            new CheckpointFile(
                file.getFileName().toString(), FileHash.sha256(file), Files.size(file)));
      }
    }
    return Checkpoint.newBuilder()
        .setRunId(TestEvents.RUN)
        .setVersion(version)
        .setLineage("first")
        .setParent(version == 0 ? null : version - 1)
        .setObjective("grpo")
        .setUri(directory.toString())
        .setFiles(files)
        .setFull(true)
        .setCreatedAt(TestEvents.START);
  }

  private static float[] values(long[] shape, SplittableRandom random) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (0.3 * random.nextGaussian());
    }
    return values;
  }

  private static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder("\"<end>\": 0");
    for (int i = 0; i < LETTERS.length(); i++) {
      vocabulary.append(", \"").append(LETTERS.charAt(i)).append("\": ").append(i + 1);
    }
    return """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [{"id": 0, "content": "<end>", "single_word": false, "lstrip": false,
       "rstrip": false, "normalized": false, "special": true}],
     "normalizer": null, "pre_tokenizer": null, "post_processor": null,
     "decoder": {"type": "Fuse"},
     "model": {"type": "BPE", "dropout": null, "unk_token": null,
       "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
       "byte_fallback": false, "ignore_merges": false, "vocab": {%s}, "merges": []}}
    """
        .formatted(vocabulary);
  }
}
