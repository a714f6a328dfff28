package io.urteil.bench.topology;

import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The upper bound: throughput of the broker for records of the same size and producer settings. */
final class RawProducerThroughput {

  private RawProducerThroughput() {}

  /** Acknowledged records per second, after a warm-up with the same number of records. */
  static double recordsPerSecond(Namespace namespace, int records, int bytes) {
    String topic = namespace.named("raw");
    create(namespace, topic);
    byte[][] values = new byte[64][bytes];
    Random random = new Random(1);
    for (byte[] value : values) {
      random.nextBytes(value);
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(namespace))) {
      send(producer, topic, values, records);
      long begin = System.nanoTime();
      send(producer, topic, values, records);
      return records / ((System.nanoTime() - begin) / 1e9);
    }
  }

  private static void send(
      KafkaProducer<String, byte[]> producer, String topic, byte[][] values, int records) {
    for (int i = 0; i < records; i++) {
      producer.send(new ProducerRecord<>(topic, "group-" + i / 8, values[i % values.length]));
    }
    producer.flush();
  }

  static void create(Namespace namespace, String topic) {
    NewTopic definition =
        new NewTopic(topic, Topic.DEFAULT_PARTITIONS, (short) 1)
            .configs(Map.of("max.message.bytes", "" + Topic.MAX_RECORD_BYTES));
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, Duration.ofSeconds(8)))) {
      admin.createTopics(List.of(definition)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topic " + topic, e);
    }
  }
}
