package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.nio.file.Path;

/**
 * @param every versions between two evaluations; version 0 and the last are always evaluated
 * @param prompts file of held-out prompts as JSON lines
 * @param size number of prompts to use, from the first
 */
public record EvaluateSection(int every, Path prompts, int size) {

  static EvaluateSection of(Keys<EvaluateSection> keys) {
    return new EvaluateSection(
        keys.integer(
            "every",
            EvaluateSection::every,
            10,
            Bounds.INTEGER_FROM_1,
            "Versions between two evaluations. Version 0 and the last are always evaluated."),
        keys.file("prompts", EvaluateSection::prompts, "Held-out prompts, as JSON lines."),
        keys.integer(
            "size",
            EvaluateSection::size,
            200,
            Bounds.INTEGER_FROM_1,
            "Number of prompts to use, from the first; each arm is sampled once."));
  }
}
