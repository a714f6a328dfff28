package io.urteil.local;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.RolloutReference;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * All topics of a finished run, copied to another prefix on the same broker, with a change on the
 * way. Records stay in their partitions and in their order, and references follow to the copy.
 * Closing it deletes its topics.
 */
final class CopiedRun implements AutoCloseable {

  private final Namespace place;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  private CopiedRun(Namespace place) {
    this.place = place;
  }

  /** What stands in the copy for an event of the run. */
  interface Edit {
    /** The event as it is; none to leave it out; several to have more of them. */
    List<SpecificRecord> of(Topic topic, SpecificRecord event);
  }

  /**
   * Everything on the topics of a finished run, read once for all of its copies.
   *
   * @param records of each topic, in the order of each partition
   */
  record Original(
      Namespace place, EventCodec codec, Map<Topic, List<ConsumerRecord<String, byte[]>>> records) {

    static Original read(Namespace place) {
      EventLog log = new EventLog(place);
      Map<Topic, List<ConsumerRecord<String, byte[]>>> records = new EnumMap<>(Topic.class);
      for (Topic topic : Topic.values()) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        log.scanRecords(topic, found::add);
        records.put(topic, found);
      }
      return new Original(place, log.codec(), records);
    }
  }

  static CopiedRun of(Original original, String prefix, Edit edit) {
    Namespace from = original.place();
    CopiedRun copy = new CopiedRun(new Namespace(from.bootstrap(), prefix, from.dataDirectory()));
    createTopicsWithTimestampsOfProducers(copy.place);
    TopicCreator.create(copy.place);
    EventCodec codec = original.codec();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(copy.place))) {
      original
          .records()
          .forEach(
              (topic, records) ->
                  records.forEach(record -> copy.send(producer, codec, topic, record, edit)));
      for (Future<RecordMetadata> record : copy.sent) {
        record.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("cannot copy " + from.prefix(), e);
    }
    return copy;
  }

  /** So that the copy of a record has the log time of its original. */
  private static void createTopicsWithTimestampsOfProducers(Namespace place) {
    List<NewTopic> topics =
        Stream.of(Topic.PROMPTS, Topic.ROLLOUTS, Topic.JUDGEMENTS)
            .map(
                topic ->
                    new NewTopic(topic.in(place), topic.partitions(), (short) 1)
                        .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime")))
            .toList();
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(8)))) {
      admin.createTopics(topics).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("cannot create topics of " + place.prefix(), e);
    }
  }

  private void send(
      KafkaProducer<String, byte[]> producer,
      EventCodec codec,
      Topic topic,
      ConsumerRecord<String, byte[]> record,
      Edit edit) {
    if (!(codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event))) {
      send(producer, topic, record, record.timestamp(), record.key(), record.value());
      return;
    }
    follow(event, place.prefix());
    long createdAt = createdAt(event);
    for (SpecificRecord edited : edit.of(topic, event)) {
      String key = key(edited, record.key());
      long timestamp = record.timestamp() + createdAt(edited) - createdAt;
      send(producer, topic, record, timestamp, key, codec.encode(edited));
    }
  }

  Namespace place() {
    return place;
  }

  /** Deletes everything on a topic, as retention would. */
  void expire(Topic topic) throws Exception {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(30)))) {
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      for (int partition = 0; partition < topic.partitions(); partition++) {
        all.put(new TopicPartition(topic.in(place), partition), RecordsToDelete.beforeOffset(-1));
      }
      admin.deleteRecords(all).all().get();
    }
  }

  @Override
  public void close() throws Exception {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(30)))) {
      admin
          .deleteTopics(Arrays.stream(Topic.values()).map(topic -> topic.in(place)).toList())
          .all()
          .get();
    }
  }

  private void send(
      KafkaProducer<String, byte[]> producer,
      Topic topic,
      ConsumerRecord<String, byte[]> from,
      long timestamp,
      @Nullable String key,
      byte[] value) {
    Integer partition = Objects.equals(key, from.key()) ? (Integer) from.partition() : null;
    sent.add(
        producer.send(new ProducerRecord<>(topic.in(place), partition, timestamp, key, value)));
  }

  private static long createdAt(SpecificRecord event) {
    Schema.Field field = event.getSchema().getField("createdAt");
    return field == null ? 0 : ((Instant) event.get(field.pos())).toEpochMilli();
  }

  /** Events of a group are keyed by it, also when an edit has moved one to another group. */
  private static @Nullable String key(SpecificRecord event, @Nullable String key) {
    Schema.Field group = event.getSchema().getField("groupId");
    return group == null ? key : String.valueOf(event.get(group.pos()));
  }

  /** Generated events have no setters. */
  static void put(SpecificRecord event, String field, @Nullable Object value) {
    event.put(event.getSchema().getField(field).pos(), value);
  }

  private static void follow(@Nullable Object value, String prefix) {
    switch (value) {
      case RolloutReference reference -> put(reference, "topic", prefix + reference.getTopic());
      case SpecificRecord record -> {
        for (Schema.Field field : record.getSchema().getFields()) {
          follow(record.get(field.pos()), prefix);
        }
      }
      case List<?> list -> list.forEach(element -> follow(element, prefix));
      case null, default -> {}
    }
  }
}
