package io.urteil.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldTimeTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "wait=5|5",
        "wait=0|0",
        "respond-async, wait=10|10",
        "wait = 7 ; foo|7",
        "WAIT=3|3",
        "wait=\"4\"|4",
        "wait=999999999|600",
        "wait=9999999999999|30",
        "wait=-1|30",
        "wait=abc|30",
        "await=5|30",
        "handling=strict|30"
      })
  void shouldReadThePreference(String prefer, long seconds) {
    assertThat(HoldTime.of(prefer)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
