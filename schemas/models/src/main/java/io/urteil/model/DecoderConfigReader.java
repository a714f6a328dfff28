package io.urteil.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Hugging Face config.json. Defaults are those of transformers' configuration classes;
 * every unsupported setting that would change the arithmetic is a problem.
 */
final class DecoderConfigReader {

  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();

  private DecoderConfigReader(JsonNode root) {
    this.root = root;
  }

  static DecoderConfig parse(Path file, byte[] json) {
    JsonNode root = StrictJson.tree(file, json);
    DecoderConfigReader reader = new DecoderConfigReader(root);
    DecoderConfig config = reader.read();
    if (config == null) {
      throw new UnusableModelException(file, reader.problems);
    }
    return config;
  }

  private @Nullable DecoderConfig read() {
    ModelFamily family = family();
    rejectUnsupported();
    int hiddenSize = required("hidden_size");
    int intermediateSize = required("intermediate_size");
    int layers = required("num_hidden_layers");
    int heads = required("num_attention_heads");
    int vocabularySize = required("vocab_size");
    int maxPositions = required("max_position_embeddings");
    int keyValueHeads = integer("num_key_value_heads", heads);
    int headDimension = integer("head_dim", headDimensionOf(family, hiddenSize, heads));
    double epsilon = number(root, "rms_norm_eps", 1e-6);
    double theta = ropeTheta();
    boolean tied = flag("tie_word_embeddings");
    List<Integer> endOfSequenceIds = TokenIds.read(root, "eos_token_id", problems);
    RotaryScaling scaling = rotaryScaling(maxPositions);
    DecoderConfig.ScalarHead scalarHead = scalarHead(family);
    if (family == null || !problems.isEmpty()) {
      return null;
    }
    try {
      return new DecoderConfig(
          root.get("model_type").asText(),
          new DecoderConfig.Dimensions(
              hiddenSize,
              intermediateSize,
              layers,
              heads,
              keyValueHeads,
              headDimension,
              vocabularySize,
              maxPositions),
          epsilon,
          theta,
          tied,
          endOfSequenceIds,
          scaling,
          scalarHead);
    } catch (UnusableModelException e) {
      problems.addAll(e.problems());
      return null;
    }
  }

  private @Nullable ModelFamily family() {
    String modelType = root.path("model_type").asText();
    if (!ModelFamily.modelTypes().contains(modelType)) {
      problems.add(
          "model_type: '%s' (expected: one of %s)".formatted(modelType, ModelFamily.modelTypes()));
      return null;
    }
    return ModelFamily.of(modelType);
  }

  private void rejectUnsupported() {
    String activation = root.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      problems.add("hidden_act: '%s' (expected: silu)".formatted(activation));
    }
    rejectSlidingWindow();
    rejectExperts();
    rejectFlag("attention_bias", "a bias on the output projection is not supported");
    rejectFlag("mlp_bias", "a bias in the feed-forward layers is not supported");
    for (JsonNode type : root.path("layer_types")) {
      if (!type.asText().equals("full_attention")) {
        problems.add("layer_types: %s (expected: full_attention only)".formatted(type));
        break;
      }
    }
    if (number(root, "partial_rotary_factor", 1) != 1) {
      problems.add(
          "partial_rotary_factor: %s (expected: 1)".formatted(root.get("partial_rotary_factor")));
    }
    if (root.hasNonNull("quantization_config")) {
      problems.add("quantization_config: present (expected: none; weights in F32, F16 or BF16)");
    }
  }

  /**
   * Qwen's configurations define a sliding window without using it: it applies to layers from
   * {@code max_window_layers} on, and only if {@code use_sliding_window} is true.
   */
  private void rejectSlidingWindow() {
    boolean beyondTheLast =
        root.hasNonNull("max_window_layers")
            && integer("max_window_layers", 0) >= integer("num_hidden_layers", 0);
    if (flag("use_sliding_window") && !root.path("sliding_window").isNull() && !beyondTheLast) {
      problems.add(
          "use_sliding_window: true (expected: false; sliding-window attention is not supported)");
    }
  }

  private void rejectExperts() {
    for (String field : List.of("num_experts", "num_local_experts", "n_routed_experts")) {
      if (root.path(field).asInt(0) > 1) {
        problems.add(
            "%s: %s (expected: none; mixtures of experts are not supported)"
                .formatted(field, root.get(field)));
      }
    }
  }

  /** The rotary settings, under the name of transformers 5 or of earlier versions. */
  private RotaryScaling rotaryScaling(int maxPositions) {
    String field =
        root.path("rope_parameters").has("rope_type") ? "rope_parameters" : "rope_scaling";
    JsonNode scaling = root.path(field);
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    switch (type) {
      case "default" -> {
        return RotaryScaling.NONE;
      }
      case "llama3" -> {
        for (String key : List.of("factor", "low_freq_factor", "high_freq_factor")) {
          if (!scaling.hasNonNull(key)) {
            problems.add("%s.%s: missing (expected: a number)".formatted(field, key));
          }
        }
        return new RotaryScaling.Llama3(
            number(scaling, "factor", 1),
            number(scaling, "low_freq_factor", 1),
            number(scaling, "high_freq_factor", 4),
            integer(scaling, "original_max_position_embeddings", maxPositions));
      }
      default -> {
        problems.add("%s: type '%s' (expected: default or llama3)".formatted(field, type));
        return RotaryScaling.NONE;
      }
    }
  }

  /** The head by the architecture's name; a configuration may omit the name. */
  private DecoderConfig.@Nullable ScalarHead scalarHead(@Nullable ModelFamily family) {
    JsonNode architectures = root.path("architectures");
    if (family == null || architectures.isEmpty()) {
      return null;
    }
    String name = architectures.path(0).asText();
    if (architectures.size() == 1 && name.equals(family.architecture(false))) {
      return null;
    }
    if (architectures.size() > 1 || !name.equals(family.architecture(true))) {
      problems.add(
          "architectures: %s (expected: %s or %s)"
              .formatted(architectures, family.architecture(false), family.architecture(true)));
      return null;
    }
    // The default of transformers is two labels.
    int labels = root.path("id2label").isObject() ? root.path("id2label").size() : 2;
    List<Integer> pad = TokenIds.read(root, "pad_token_id", problems);
    return new DecoderConfig.ScalarHead(
        integer("num_labels", labels), pad.isEmpty() ? null : pad.getFirst());
  }

  private void rejectFlag(String field, String reason) {
    if (flag(field)) {
      problems.add("%s: true (expected: false; %s)".formatted(field, reason));
    }
  }

  /** Qwen3's default is 128 for every hidden size; the others divide it by the number of heads. */
  private static int headDimensionOf(@Nullable ModelFamily family, int hiddenSize, int heads) {
    return family == ModelFamily.QWEN3 ? 128 : hiddenSize / Math.max(1, heads);
  }

  private double ropeTheta() {
    JsonNode parameters = root.path("rope_parameters");
    return parameters.has("rope_theta")
        ? number(parameters, "rope_theta", 10_000)
        : number(root, "rope_theta", 10_000);
  }

  private int required(String field) {
    if (!root.hasNonNull(field)) {
      problems.add("%s: missing (expected: a whole number)".formatted(field));
      return 1;
    }
    return integer(field, 1);
  }

  private int integer(String field, int byDefault) {
    return integer(root, field, byDefault);
  }

  private int integer(JsonNode parent, String field, int byDefault) {
    JsonNode node = parent.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      problems.add("%s: %s (expected: a whole number)".formatted(field, node));
      return byDefault;
    }
    return node.intValue();
  }

  private double number(JsonNode parent, String field, double byDefault) {
    JsonNode node = parent.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isNumber()) {
      problems.add("%s: %s (expected: a number)".formatted(field, node));
      return byDefault;
    }
    if (!Double.isFinite(node.doubleValue())) {
      problems.add("%s: %s (expected: a finite number)".formatted(field, node.asText()));
      return byDefault;
    }
    return node.doubleValue();
  }

  private boolean flag(String field) {
    JsonNode node = root.path(field);
    if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
      problems.add("%s: %s (expected: true or false)".formatted(field, node));
    }
    return node.asBoolean(false);
  }
}
