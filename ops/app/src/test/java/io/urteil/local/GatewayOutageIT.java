package io.urteil.local;

import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.Ports;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.gateway.Gateway;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayOutageIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  /** So that a load balancer sends clients to another gateway. */
  @Test
  void shouldNotBeReadyWhileTheBrokerIsAway() {
    // Given
    int port = Ports.free();
    EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
    Namespace place = new Namespace(broker.bootstrap(), "", directory);
    Gateway gateway = new Gateway(place);
    try {
      gateway.start();
      await().atMost(LIMIT).until(() -> gateway.health() instanceof Health.Running);

      // When
      broker.close();

      // Then
      Health blocked = new Health.Blocked("no broker responds at " + place.bootstrap());
      await().atMost(LIMIT).until(() -> gateway.health().equals(blocked));
      broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
      await().atMost(LIMIT).until(() -> gateway.health() instanceof Health.Running);
    } finally {
      gateway.close();
      broker.close();
    }
  }
}
