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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
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
    TopicCreator.create(copy.place);
    keepTimestamps(copy.place);
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
  private static void keepTimestamps(Namespace place) {
    AlterConfigOp byProducer =
        new AlterConfigOp(
            new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"),
            AlterConfigOp.OpType.SET);
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (Topic topic : List.of(Topic.PROMPTS, Topic.ROLLOUTS, Topic.JUDGEMENTS)) {
      changes.put(
          new ConfigResource(ConfigResource.Type.TOPIC, topic.in(place)), List.of(byProducer));
    }
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(8)))) {
      admin.incrementalAlterConfigs(changes).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("cannot configure " + place.prefix(), e);
    }
  }

  private void send(
      KafkaProducer<String, byte[]> producer,
      EventCodec codec,
      Topic topic,
      ConsumerRecord<String, byte[]> record,
      Edit edit) {
    if (!(codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event))) {
      send(producer, topic, record, record.key(), record.value());
      return;
    }
    follow(event, place.prefix());
    for (SpecificRecord edited : edit.of(topic, event)) {
      send(producer, topic, record, key(edited, record.key()), codec.encode(edited));
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
      @Nullable String key,
      byte[] value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(topic.in(place), from.partition(), from.timestamp(), key, value)));
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
