package io.urteil.deadletter;

import io.urteil.event.DeadLetter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter on the log.
 *
 * @param id its offset on {@code dead-letters}, by which people call it
 * @param letter what a part could not go on with
 * @param redrivenAt when its record was last sent once more; null when it never was
 */
public record StoredDeadLetter(long id, DeadLetter letter, @Nullable Instant redrivenAt) {

  /** Where its record lies. */
  public String record() {
    return "%s-%d@%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
  }
}
