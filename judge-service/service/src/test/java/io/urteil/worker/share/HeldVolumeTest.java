package io.urteil.worker.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeldVolumeTest {

  private static final long FINISHED_NOW = 0;

  private final HeldVolume volume = new HeldVolume(1_000, 1_000);

  @Test
  void shouldReplaceALaneAfterAMomentWhereThereAreTenants() {
    assertThat(volume.isHeld(millis(60), FINISHED_NOW, true)).isTrue();
    assertThat(volume.isHeld(millis(40), FINISHED_NOW, true)).isFalse();
  }

  @Test
  void shouldWaitForALaneThatFinishesRecordsWhereThereAreNone() {
    assertThat(volume.isHeld(millis(1_900), FINISHED_NOW, false)).isFalse();
    assertThat(volume.isHeld(millis(2_100), FINISHED_NOW, false)).isTrue();
    assertThat(volume.isHeld(millis(200), millis(160), false)).isTrue();
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
