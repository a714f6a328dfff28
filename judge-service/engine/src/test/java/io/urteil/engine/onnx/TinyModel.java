package io.urteil.engine.onnx;

import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** Model directories with random weights, small enough to check by hand-written arithmetic. */
public final class TinyModel {

  public static final DecoderConfig QWEN2 = config("qwen2", 64, 96, 2, 4, 2, 16, 50, true);
  public static final DecoderConfig QWEN3 = config("qwen3", 48, 64, 2, 4, 4, 32, 61, false);
  public static final DecoderConfig LLAMA = config("llama", 64, 80, 3, 4, 1, 16, 45, false);
  public static final DecoderConfig WIDE_GROUPS = config("qwen2", 32, 64, 1, 6, 3, 16, 37, false);

  /** The shape of the model that the demo trains: about 141 thousand parameters. */
  public static final DecoderConfig DEMO = config("qwen2", 64, 176, 3, 4, 2, 16, 32, true);

  private TinyModel() {}

  public static DecoderConfig config(
      String type,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int keyValueHeads,
      int headDimension,
      int vocabulary,
      boolean tied) {
    return new DecoderConfig(
        type,
        new DecoderConfig.Dimensions(
            hidden, intermediate, layers, heads, keyValueHeads, headDimension, vocabulary, 256),
        1e-6,
        10_000,
        tied,
        List.of(1));
  }

  public static Path write(Path directory, DecoderConfig config, long seed) throws IOException {
    return write(directory, config, weights(config, seed));
  }

  public static Path write(
      Path directory, DecoderConfig config, SequencedMap<String, TensorData> weights)
      throws IOException {
    Files.createDirectories(directory);
    config.write(directory);
    Safetensors.write(directory.resolve("model.safetensors"), weights, java.util.Map.of());
    return directory;
  }

  public static SequencedMap<String, TensorData> weights(DecoderConfig config, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
    config
        .tensorShapes()
        .forEach(
            (name, shape) ->
                weights.put(name, TensorData.floats(shape, fill(name, shape, random))));
    return weights;
  }

  private static float[] fill(String name, long[] shape, SplittableRandom random) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    double centre = name.contains("norm") ? 1 : 0;
    double spread =
        name.contains("norm") || name.endsWith("bias")
            ? 0.2
            : name.contains("embed") ? 0.15 : 1.2 / Math.sqrt(shape[1]);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (centre + spread * random.nextGaussian());
    }
    return values;
  }

  public static int[] tokens(DecoderConfig config, int length, long seed) {
    return new SplittableRandom(seed).ints(length, 0, config.vocabularySize()).toArray();
  }
}
