package io.urteil.deadletter;

import io.urteil.event.DeadLetter;
import io.urteil.event.Namespace;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; null leaves a property open.
 *
 * @param run id of the run
 * @param cause such as {@code unknown-run}
 * @param topic base name of the record's topic, without the tenant's prefix
 * @param since not older than this
 * @param until older than this
 */
public record DeadLetterFilter(
    @Nullable String run,
    @Nullable String cause,
    @Nullable String topic,
    @Nullable Instant since,
    @Nullable Instant until) {

  /** Every letter. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null);

  Predicate<DeadLetter> in(Namespace place) {
    return letter ->
        (run == null || run.equals(letter.getRunId()))
            && (cause == null || cause.equals(letter.getCause()))
            && (topic == null || place.named(topic).equals(letter.getTopic()))
            && (since == null || !letter.getCreatedAt().isBefore(since))
            && (until == null || letter.getCreatedAt().isBefore(until));
  }

  /** Whether it leaves everything open. */
  public boolean isAll() {
    return equals(ALL);
  }
}
