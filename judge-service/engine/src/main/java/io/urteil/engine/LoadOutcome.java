package io.urteil.engine;

import java.time.Duration;

/** What came of opening a model directory as a version. */
public sealed interface LoadOutcome {

  ModelVersion version();

  /**
   * The version is open and gave finite logits.
   *
   * @param took from the first read to the end of the smoke test
   */
  record Loaded(ModelVersion version, Duration took) implements LoadOutcome {}

  /** The version is not open; what was open before is as it was. */
  record Refused(ModelVersion version, String reason) implements LoadOutcome {}
}
