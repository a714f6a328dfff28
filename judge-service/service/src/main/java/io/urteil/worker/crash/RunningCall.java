package io.urteil.worker.crash;

import io.urteil.event.RecordPosition;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of a journal: a call of a judge that was running.
 *
 * @param state whether other calls were running
 * @param component of the call
 * @param judge run and name of the judge
 */
record RunningCall(
    State state, String component, RecordPosition position, long timestamp, String judge) {

  /** What was running beside the call. */
  enum State {
    /** Other calls, too. */
    BESIDE,
    /** No other call. */
    ALONE,
    /** It called {@code System.exit}. */
    EXIT
  }

  /** The line, without line break. */
  String line() {
    return "%s %s %s %d %d %d %s"
        .formatted(
            state.name().toLowerCase(Locale.ROOT),
            component,
            position.topic(),
            position.partition(),
            position.offset(),
            timestamp,
            judge);
  }

  /** The call of this line; empty for an empty or incomplete one. */
  static Optional<RunningCall> parse(String line) {
    String[] words = line.strip().split(" ", 7);
    if (words.length < 7) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new RunningCall(
              State.valueOf(words[0].toUpperCase(Locale.ROOT)),
              words[1],
              new RecordPosition(words[2], Integer.parseInt(words[3]), Long.parseLong(words[4])),
              Long.parseLong(words[5]),
              words[6]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
