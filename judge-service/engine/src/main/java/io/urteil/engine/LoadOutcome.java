package io.urteil.engine;

import java.time.Duration;

/** The result of opening a model directory as a version. */
public sealed interface LoadOutcome {

  ModelVersion version();

  /**
   * The version is open and produced finite logits.
   *
   * @param took time from the first read to the end of the smoke test
   */
  record Loaded(ModelVersion version, Duration took) implements LoadOutcome {}

  /** The version is not open; other versions are unchanged. */
  record Rejected(ModelVersion version, String reason) implements LoadOutcome {}
}
