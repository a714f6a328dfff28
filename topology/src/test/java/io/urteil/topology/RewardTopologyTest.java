package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.contract.GroupPartitioning;
import io.urteil.event.EventCodec;
import io.urteil.event.Namespace;
import io.urteil.topology.metrics.TopologyMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

class RewardTopologyTest {

  /** Deployed state hangs on these names: a change here needs a word on how it survives. */
  @Test
  void shouldBeTheTopologyThatIsCheckedIn() throws IOException {
    // Given
    Namespace place = new Namespace("127.0.0.1:9092", "", Path.of("unused"));
    TopologySettings settings = TopologySettings.defaults();

    // When
    Topology topology =
        new RewardTopology(
                place,
                (run, purpose, ordinal) -> Optional.empty(),
                TopologyTools.of(new EventCodec(), new GroupPartitioning(4)),
                position -> Optional.empty(),
                new TopologyMetrics(new SimpleMeterRegistry(), Clock.systemUTC()))
            .build(
                (partition, now) -> now,
                TopologyDriver.reading(),
                settings,
                StreamsSettings.of(place, settings, "test", 1));

    // Then
    try (InputStream checkedIn =
        Objects.requireNonNull(getClass().getResourceAsStream("/reward-topology.txt"))) {
      assertThat(topology.describe().toString().trim())
          .isEqualTo(new String(checkedIn.readAllBytes(), StandardCharsets.UTF_8).trim());
    }
  }
}
