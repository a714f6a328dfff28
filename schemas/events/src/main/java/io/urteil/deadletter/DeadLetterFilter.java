package io.urteil.deadletter;

import io.urteil.event.DeadLetter;
import io.urteil.event.Namespace;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters; null matches any value.
 *
 * @param run id of the run
 * @param cause such as {@code unknown-run}
 * @param topic base name of the record's topic, without the topic prefix
 * @param since earliest creation time, inclusive
 * @param until latest creation time, exclusive
 */
public record DeadLetterFilter(
    @Nullable String run,
    @Nullable String cause,
    @Nullable String topic,
    @Nullable Instant since,
    @Nullable Instant until) {

  /** Matches every dead letter. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null);

  Predicate<DeadLetter> in(Namespace namespace) {
    return letter ->
        (run == null || run.equals(letter.getRunId()))
            && (cause == null || cause.equals(letter.getCause()))
            && (topic == null || namespace.named(topic).equals(letter.getTopic()))
            && (since == null || !letter.getCreatedAt().isBefore(since))
            && (until == null || letter.getCreatedAt().isBefore(until));
  }

  /** Whether every dead letter matches. */
  public boolean isAll() {
    return equals(ALL);
  }
}
