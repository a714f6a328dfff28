package io.urteil.topology;

import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import java.util.Optional;

/** Reads prompts from their topic; group state has their positions only. */
@FunctionalInterface
interface PromptLookup {

  /**
   * The prompt at this position; empty if it was deleted. Called on Streams threads; blocks.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException when no broker responds
   */
  Optional<Prompt> find(RecordPosition position);
}
