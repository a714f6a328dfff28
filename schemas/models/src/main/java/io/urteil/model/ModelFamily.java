package io.urteil.model;

import java.util.List;

/** The supported model families, and the defaults of their configurations. */
enum ModelFamily {
  QWEN2("qwen2", "Qwen2", true, false),
  QWEN3("qwen3", "Qwen3", false, true),
  LLAMA("llama", "Llama", false, false);

  private static final List<ModelFamily> ALL = List.of(values());

  private final String modelType;
  private final String name;
  private final boolean attentionBias;
  private final boolean queryKeyNorm;

  ModelFamily(String modelType, String name, boolean attentionBias, boolean queryKeyNorm) {
    this.modelType = modelType;
    this.name = name;
    this.attentionBias = attentionBias;
    this.queryKeyNorm = queryKeyNorm;
  }

  /**
   * @throws IllegalArgumentException for an unsupported model type
   */
  static ModelFamily of(String modelType) {
    for (ModelFamily family : ALL) {
      if (family.modelType.equals(modelType)) {
        return family;
      }
    }
    throw new IllegalArgumentException(
        "model_type: '%s' (expected: one of %s)".formatted(modelType, modelTypes()));
  }

  static List<String> modelTypes() {
    return ALL.stream().map(family -> family.modelType).toList();
  }

  /** The transformers class of such a model. */
  String architecture(boolean scalar) {
    return name + (scalar ? "ForSequenceClassification" : "ForCausalLM");
  }

  boolean attentionBias() {
    return attentionBias;
  }

  boolean queryKeyNorm() {
    return queryKeyNorm;
  }
}
