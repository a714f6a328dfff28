package io.urteil.bench.engine;

import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/**
 * A Qwen2 model with random weights. Speed does not depend on the values of weights.
 *
 * @param name name of the model's directory
 * @param headDimension dimension of each attention head
 */
record BenchModel(
    String name,
    int hidden,
    int layers,
    int heads,
    int keyValueHeads,
    int headDimension,
    int feedForward,
    int vocabulary) {

  /** 107 million parameters, 429 MB in f32. */
  static final BenchModel BIG = new BenchModel("107m", 768, 12, 12, 4, 64, 2304, 32_000);

  /** The shape of the demo's model. */
  static final BenchModel DEMO = new BenchModel("demo", 64, 3, 4, 2, 16, 176, 32);

  private static final int POSITIONS = 4096;
  private static final double SCALE = 0.02 * Math.sqrt(3);

  /** The model's directory under {@code home}, which is created if missing. */
  Path in(Path home) throws IOException {
    Path directory = home.resolve(name);
    if (Files.isDirectory(directory)) {
      return directory;
    }
    Files.createDirectories(home);
    Path unfinished = Files.createTempDirectory(home, name + "-");
    Files.writeString(unfinished.resolve(DecoderConfig.FILE_NAME), config());
    DecoderConfig config = DecoderConfig.read(unfinished);
    SplittableRandom random = new SplittableRandom(1);
    SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
    config
        .tensorShapes()
        .forEach((tensor, shape) -> tensors.put(tensor, weights(tensor, shape, random)));
    Safetensors.write(unfinished.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    return Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Number of weights in matrices, without the vectors of the norms. */
  long matrixParameters() {
    long attention = 2L * hidden * headDimension * (heads + keyValueHeads);
    return (long) vocabulary * hidden + layers * (attention + 3L * hidden * feedForward);
  }

  private static TensorData weights(String name, long[] shape, SplittableRandom random) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    if (name.endsWith("norm.weight")) {
      Arrays.fill(values, 1);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * SCALE);
      }
    }
    return TensorData.floats(shape, values);
  }

  private String config() {
    return """
    {
      "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu",
      "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
      "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d, "vocab_size": %d,
      "max_position_embeddings": %d, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
      "tie_word_embeddings": true
    }
    """
        .formatted(
            hidden,
            layers,
            heads,
            keyValueHeads,
            headDimension,
            feedForward,
            vocabulary,
            POSITIONS);
  }
}
