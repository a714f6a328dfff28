package io.urteil.run;

import io.urteil.run.keys.Keys;
import java.nio.file.Path;

/**
 * @param model Hugging Face model directory of version 0
 */
public record PolicySection(Path model) {

  static PolicySection of(Keys<PolicySection> keys) {
    return new PolicySection(
        keys.file(
            "model",
            PolicySection::model,
            "Hugging Face model directory of version 0, or the name of a cached model."));
  }
}
