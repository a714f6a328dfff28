package io.urteil.worker.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerStateTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final BreakerState state = new BreakerState();

  @Test
  void shouldOpenWhenThreeCallsInARowFindTheServerUnavailable() {
    state.unavailable(0, "refused", false);
    state.unavailable(0, "refused", false);
    assertThat(state.isOpen()).isFalse();
    state.unavailable(0, "refused again", false);
    assertThat(state.isOpen()).isTrue();
    assertThat(state.cause()).contains("refused again");
  }

  @Test
  void shouldStayClosedWhenAResponseComesBetween() {
    for (int i = 0; i < 10; i++) {
      state.unavailable(0, "500", false);
      state.unavailable(0, "500", false);
      state.responded();
    }
    assertThat(state.isOpen()).isFalse();
    assertThat(state.cause()).isEmpty();
  }

  @Test
  void shouldLetOneCallTestTheServerAfterPausesThatDouble() {
    open();
    assertThat(state.takeProbe(0)).isFalse();
    assertThat(state.takeProbe(SECOND)).isTrue();
    assertThat(state.takeProbe(SECOND)).isFalse();
    state.unavailable(SECOND, "refused", true);
    assertThat(state.takeProbe(SECOND + SECOND / 2)).isFalse();
    assertThat(state.takeProbe(2 * SECOND)).isTrue();
  }

  @Test
  void shouldTestAtLeastEveryFifteenSeconds() {
    open();
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now += 15 * SECOND;
      assertThat(state.takeProbe(now)).isTrue();
      state.unavailable(now, "refused", true);
    }
  }

  @Test
  void shouldCloseAtTheFirstResponse() {
    open();
    assertThat(state.takeProbe(SECOND)).isTrue();
    state.responded();
    assertThat(state.isOpen()).isFalse();
  }

  @Test
  void shouldGoOnTestingWhenACallThatWasSentBeforeFailsLate() {
    open();
    assertThat(state.takeProbe(SECOND)).isTrue();
    state.unavailable(SECOND, "late", false);
    state.unknown(false);
    assertThat(state.takeProbe(SECOND)).isFalse();
    state.unknown(true);
    assertThat(state.takeProbe(SECOND)).isTrue();
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      state.unavailable(0, "refused", false);
    }
  }
}
