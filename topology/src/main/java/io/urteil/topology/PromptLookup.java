package io.urteil.topology;

import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import java.util.Optional;

/** The prompts on the log, which state does not keep. */
@FunctionalInterface
interface PromptLookup {

  /**
   * The prompt that lies here; nothing when the log has it no longer. Called on Streams threads,
   * and blocks for the log.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException when the log does not answer
   */
  Optional<Prompt> find(RecordPosition position);
}
