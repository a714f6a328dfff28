package io.urteil.chat.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

  @Test
  void shouldReadSecondsOrADate() {
    assertThat(RetryAfter.of(Optional.of("2"))).contains(Duration.ofSeconds(2));
    assertThat(RetryAfter.of(Optional.of(" 0.5 "))).contains(Duration.ofMillis(500));
    assertThat(RetryAfter.of(Optional.of("-3"))).contains(Duration.ZERO);
    assertThat(RetryAfter.of(Optional.of("Wed, 21 Oct 2015 07:28:00 GMT"))).contains(Duration.ZERO);
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(5));
    assertThat(RetryAfter.of(Optional.of(soon)))
        .hasValueSatisfying(
            time -> assertThat(time).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5)));
    assertThat(RetryAfter.of(Optional.of("soon"))).isEmpty();
    assertThat(RetryAfter.of(Optional.of(""))).isEmpty();
    assertThat(RetryAfter.of(Optional.empty())).isEmpty();
  }
}
