package io.urteil.worker.crash;

import java.time.Duration;

/** How a record is judged, depending on the crashes at which it was being judged. */
public sealed interface Caution {

  /** Beside any other. */
  record None() implements Caution {}

  /**
   * Beside at most this number of records that were judged at a crash, and no other.
   *
   * @param most number of such records, itself included; 1 for alone
   * @param longest time after which others are judged beside it again
   */
  record Isolated(int most, Duration longest) implements Caution {}

  /**
   * Not at all: it ended a process.
   *
   * @param message for the judgement
   */
  record Rejected(String message) implements Caution {}
}
