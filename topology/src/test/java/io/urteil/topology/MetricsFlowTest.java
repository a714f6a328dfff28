package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.urteil.event.Prompt;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the topology's meters show of a few groups. */
class MetricsFlowTest {

  private final TopologyDriver topology;
  private final MeterRegistry meters;

  MetricsFlowTest(@TempDir Path directory) {
    topology = new TopologyDriver(TestRun.plain(), directory);
    meters = topology.meters();
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldCountGroupsRewardsAndBatches() {
    // When
    topology.sendGroup(TestEvents.prompt(0).build(), "A");
    topology.sendGroup(TestEvents.prompt(1).build(), "A");

    // Then
    assertThat(train("urteil.topology.closed.groups").tag("status", "COMPLETE").counter().count())
        .isEqualTo(2);
    assertThat(train("urteil.topology.rewards").tag("status", "PAID").counter().count())
        .isEqualTo(8);
    assertThat(train("urteil.topology.reward.mean").gauge().value()).isEqualTo(0.5);
    assertThat(train("urteil.topology.reward.deviation").gauge().value()).isEqualTo(0.5);
    assertThat(train("urteil.topology.group.duration").timer().count()).isEqualTo(2);
    assertThat(run("urteil.topology.batches").tag("reason", "groups").counter().count())
        .isEqualTo(1);
    assertThat(run("urteil.topology.batch.groups").tag("outcome", "batched").counter().count())
        .isEqualTo(2);
    assertThat(run("urteil.topology.batch.staleness.versions").summary().count()).isEqualTo(8);
  }

  @Test
  void shouldShowOpenGroupsUntilTheyClose() {
    // Given
    Prompt prompt = TestEvents.prompt(0).setDeadlineMillis(60_000).build();

    // When
    topology.send(prompt);
    topology.send(TestEvents.rollout(prompt, "AB", 0).build());

    // Then
    assertThat(run("urteil.topology.open.groups").gauge().value()).isEqualTo(1);
    assertThat(run("urteil.topology.oldest.group.age").gauge().value()).isPositive();
    topology.advance(Duration.ofSeconds(61));
    assertThat(run("urteil.topology.open.groups").gauge().value()).isZero();
    assertThat(run("urteil.topology.oldest.group.age").gauge().value()).isZero();
    assertThat(train("urteil.topology.closed.groups").tag("status", "EXPIRED").counter().count())
        .isEqualTo(1);
    assertThat(run("urteil.topology.batch.groups").tag("outcome", "dropped").counter().count())
        .isEqualTo(1);
  }

  @Test
  void shouldCountDeadLettersByCause() {
    // When
    topology.send(Topic.ROLLOUTS, "key", new byte[] {1, 2, 3});

    // Then
    assertThat(
            meters
                .get("urteil.dead.letters")
                .tags("component", "topology", "cause", "no-event")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(meters.getMeters())
        .extracting(Meter::getId)
        .noneMatch(id -> id.getName().startsWith("urteil.topology"));
  }

  private RequiredSearch run(String name) {
    return meters.get(name).tag("run", TestEvents.RUN);
  }

  private RequiredSearch train(String name) {
    return run(name).tag("purpose", "TRAIN");
  }
}
