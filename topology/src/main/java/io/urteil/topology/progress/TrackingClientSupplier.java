package io.urteil.topology.progress;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Creates the Kafka clients of Streams; its consumers report to {@link ReadPositions}. */
public final class TrackingClientSupplier implements KafkaClientSupplier {

  private final ReadPositions positions;

  public TrackingClientSupplier(ReadPositions positions) {
    this.positions = positions;
  }

  @Override
  public Admin getAdmin(Map<String, Object> settings) {
    return Admin.create(settings);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
    return new TrackingConsumer(settings, positions);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
    return plain(settings);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
    return plain(settings);
  }

  private static Consumer<byte[], byte[]> plain(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static final class TrackingConsumer extends KafkaConsumer<byte[], byte[]> {

    private final ReadPositions positions;

    TrackingConsumer(Map<String, Object> settings, ReadPositions positions) {
      super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.positions = positions;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      positions.onPoll(this);
      for (TopicPartition partition : records.partitions()) {
        List<ConsumerRecord<byte[], byte[]>> polled = records.records(partition);
        positions.delivered(partition, polled.getFirst().offset(), polled.getLast().offset());
      }
      return records;
    }
  }
}
