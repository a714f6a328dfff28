package io.urteil.deadletter;

import io.urteil.event.DeadLetter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A published dead letter.
 *
 * @param id offset on {@code dead-letters}, which identifies it
 * @param letter the event
 * @param redrivenAt time of its last redrive; null without one
 */
public record StoredDeadLetter(long id, DeadLetter letter, @Nullable Instant redrivenAt) {

  /** The position of its record, as {@code topic-partition@offset}. */
  public String record() {
    return "%s-%d@%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
  }
}
