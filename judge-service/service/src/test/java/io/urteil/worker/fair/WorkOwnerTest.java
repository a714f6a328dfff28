package io.urteil.worker.fair;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Ids;
import io.urteil.event.Purpose;
import org.junit.jupiter.api.Test;

class WorkOwnerTest {

  @Test
  void shouldBeTheTenantOfAGroupThatAGatewaySent() {
    assertThat(WorkOwner.of("run", "team-a/2/p17", Purpose.PROBE))
        .isEqualTo(new WorkOwner("team-a", true));
  }

  @Test
  void shouldBeTheRunOfAGroupWithoutATenant() {
    WorkOwner run = new WorkOwner("/run", false);
    assertThat(WorkOwner.of("run", "g1", Purpose.PROBE)).isEqualTo(run);
    assertThat(WorkOwner.of("run", "/g1", Purpose.PROBE)).isEqualTo(run);
    assertThat(WorkOwner.of("run", "2/p17", Purpose.TRAIN)).isEqualTo(run);
    assertThat(WorkOwner.of("run", "2/p17", Purpose.EVALUATE)).isEqualTo(run);
    assertThat(WorkOwner.of("run", Ids.group("run", Purpose.PROBE, 7), Purpose.PROBE))
        .isEqualTo(run);
  }
}
