package io.urteil.chat.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The header {@code Retry-After} of a response (RFC 9110, section 10.2.3). */
public final class RetryAfter {

  private static final double MILLIS = 1_000;

  private RetryAfter() {}

  /**
   * The time from now after which to retry, never negative; empty without a header that states
   * seconds, also with decimals, or a date.
   */
  public static Optional<Duration> of(Optional<String> header) {
    return header.map(String::strip).flatMap(value -> seconds(value).or(() -> date(value)));
  }

  private static Optional<Duration> seconds(String value) {
    try {
      return Optional.of(
          notNegative(Duration.ofMillis((long) (MILLIS * Double.parseDouble(value)))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String value) {
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(notNegative(Duration.between(Instant.now(), at)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Duration notNegative(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }
}
