package io.urteil.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 40 | 12 | 34.3 | 12 of 40 judged, 21/min, 1:20 left",
        "12 | 40 | 0 | 34.3 | 12 of 40 judged",
        "3 | 40 | 1 | 60 | 3 of 40 judged, 1.0/min, 37:00 left",
        "1000 | 100000 | 1000 | 60 | 1,000 of 100,000 judged, 1,000/min, 1:39:00 left",
        "40 | 40 | 40 | 60 | 40 of 40 judged, 40/min"
      })
  void shouldHaveTheRateAMinuteAndTheTimeLeft(
      long count, long total, long done, double seconds, String text) {
    assertThat(ProgressLine.text("judged", count, total, done, seconds)).isEqualTo(text);
  }
}
