package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PunctuationBudgetTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
  private final PunctuationBudget tick = new PunctuationBudget(nanos::get);

  @Test
  void shouldTakeNoMoreThanItsNumberWhenTimeStandsStill() {
    assertThat(taken(0)).isEqualTo(PunctuationBudget.MAX_DUE);
  }

  @Test
  void shouldTakeWhatFitsIntoItsTime() {
    assertThat(taken(PunctuationBudget.BUDGET_NANOS / 100)).isEqualTo(100);
  }

  @Test
  void shouldTakeAFewHoweverLongEachTakes() {
    assertThat(taken(PunctuationBudget.BUDGET_NANOS * 10)).isEqualTo(PunctuationBudget.MIN_GROUPS);
  }

  private int taken(long nanosEach) {
    int taken = 0;
    while (tick.allows()) {
      taken++;
      nanos.addAndGet(nanosEach);
    }
    return taken;
  }
}
