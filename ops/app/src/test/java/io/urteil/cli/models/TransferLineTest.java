package io.urteil.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferLineTest {

  private static final long SECOND = 1_000_000_000L;

  private final StringWriter text = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  @Test
  void shouldShowTheRateOfThisTransferAndTheTimeLeft() {
    // Given: half of two gigabytes is there from an earlier transfer
    TransferLine line = line(false);
    line.bytes(1_000_000_000, 2_000_000_000);

    // When
    clock.set(4 * SECOND);
    line.bytes(1_040_000_000, 2_000_000_000);
    clock.set(10 * SECOND);
    line.bytes(1_100_000_000, 2_000_000_000);
    line.close();

    // Then
    assertThat(text.toString()).isEqualTo("org/m: 1.1 GB of 2.0 GB, 10.0 MB/s, 2 min left\n");
  }

  @Test
  void shouldRedrawOneLineOnATerminal() {
    // Given
    TransferLine line = line(true);
    line.bytes(0, 1000);

    // When
    clock.set(SECOND);
    line.bytes(500, 1000);
    line.close();

    // Then
    assertThat(text.toString())
        .isEqualTo("\r\u001b[Korg/m: 500 B of 1.0 kB, 500 B/s, 1 s left\r\u001b[K");
  }

  @Test
  void shouldShowNoRateWhenNothingArrives() {
    TransferLine line = line(false);
    line.bytes(0, 1000);
    clock.set(20 * SECOND);
    line.bytes(0, 1000);
    line.waiting();
    assertThat(text.toString())
        .isEqualTo("org/m: 0 B of 1.0 kB\norg/m: another process downloads it; waiting\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "15200000000, 15.2 GB", "3e15, 3000.0 TB"})
  void shouldWriteSizesInTheLargestUnit(double bytes, String expected) {
    assertThat(TransferLine.size((long) bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 1 s", "89, 89 s", "100, 2 min", "7200, 2.0 h"})
  void shouldWriteTimes(double seconds, String expected) {
    assertThat(TransferLine.time(seconds)).isEqualTo(expected);
  }

  private TransferLine line(boolean terminal) {
    return new TransferLine(new PrintWriter(text), "org/m", terminal, clock::get);
  }
}
