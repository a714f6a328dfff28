package io.urteil.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No broker is there; clients have their metrics from the start. */
class KafkaClientMetersTest {

  private final Namespace place = new Namespace("127.0.0.1:1", "", Path.of("unused"));
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void add() {
    Metrics.addRegistry(registry);
  }

  @AfterEach
  void remove() {
    Metrics.removeRegistry(registry);
  }

  @Test
  void shouldShowAConsumerUntilItIsClosed() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(KafkaClientSettings.consumer(place))) {
      shouldShowUntilClosed(KafkaClientMeters.of(consumer), "kafka.consumer.");
    }
  }

  @Test
  void shouldShowAProducerUntilItIsClosed() {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      shouldShowUntilClosed(KafkaClientMeters.of(producer), "kafka.producer.");
    }
  }

  @Test
  void shouldShowAnAdminUntilItIsClosed() {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(1)))) {
      shouldShowUntilClosed(KafkaClientMeters.of(admin), "kafka.admin.client.");
    }
  }

  @Test
  void shouldShowAShareConsumerUntilItIsClosed() {
    // Given
    Map<String, Object> settings = KafkaClientSettings.consumer(place);
    settings.keySet().removeAll(List.of("auto.offset.reset", "enable.auto.commit"));
    settings.remove("isolation.level");
    settings.put("group.id", "group");
    KafkaShareConsumer<String, byte[]> consumer = new KafkaShareConsumer<>(settings);

    // Then
    shouldShowUntilClosed(KafkaClientMeters.of(consumer), "kafka.consumer.");
    consumer.close(Duration.ZERO);
  }

  private void shouldShowUntilClosed(KafkaClientMeters meters, String prefix) {
    assertThat(registry.getMeters())
        .extracting(KafkaClientMetersTest::name)
        .hasSizeGreaterThan(10)
        .anyMatch(name -> name.startsWith(prefix));
    meters.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static String name(Meter meter) {
    return meter.getId().getName();
  }
}
