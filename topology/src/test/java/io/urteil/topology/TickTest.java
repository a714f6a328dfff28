package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TickTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
  private final Tick tick = new Tick(nanos::get);

  @Test
  void shouldTakeNoMoreThanItsNumberWhenTimeStandsStill() {
    assertThat(taken(0)).isEqualTo(Tick.MOST);
  }

  @Test
  void shouldTakeWhatFitsIntoItsTime() {
    assertThat(taken(Tick.NANOS / 100)).isEqualTo(100);
  }

  @Test
  void shouldTakeAFewHoweverLongEachTakes() {
    assertThat(taken(Tick.NANOS * 10)).isEqualTo(Tick.LEAST);
  }

  private int taken(long nanosEach) {
    int taken = 0;
    while (tick.takes()) {
      taken++;
      nanos.addAndGet(nanosEach);
    }
    return taken;
  }
}
