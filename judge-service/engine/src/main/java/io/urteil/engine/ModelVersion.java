package io.urteil.engine;

import static java.util.Objects.requireNonNull;

/**
 * Identifies weights: the model's name, the lineage of its training, and the number of updates in
 * that lineage. A model that is not under training has an empty lineage and number 0.
 */
public record ModelVersion(String model, String lineage, long number) {

  public ModelVersion {
    requireNonNull(model, "model");
    requireNonNull(lineage, "lineage");
    if (number < 0) {
      throw new IllegalArgumentException("number: %d (expected: >= 0)".formatted(number));
    }
  }

  /** A model that is not under training. */
  public static ModelVersion of(String model) {
    return new ModelVersion(model, "", 0);
  }

  @Override
  public String toString() {
    return lineage.isEmpty() && number == 0 ? model : model + "/" + lineage + "@" + number;
  }
}
