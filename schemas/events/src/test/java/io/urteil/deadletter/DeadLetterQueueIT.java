package io.urteil.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.deadletter.DeadLetterQueue.Redriven;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterQueueIT {

  private static EmbeddedKafka broker;
  private static int tenants;
  @TempDir private static Path directory;
  private final EventCodec codec = new EventCodec();
  private Namespace place;
  private DeadLetterQueue box;

  @BeforeAll
  static void start() {
    broker = EmbeddedKafka.start(directory.resolve("broker"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void newTenant() {
    place = new Namespace(broker.bootstrap(), "tenant" + tenants++ + ".", directory);
    TopicCreator.create(place);
    box = new DeadLetterQueue(place);
  }

  @Test
  void shouldListWhatAFilterMeansWhenThereAreOthers() throws Exception {
    // Given
    Rollout rollout = rollout(0);
    letter(DeadLetters.UNKNOWN_RUN, Topic.ROLLOUTS, rollout.getGroupId(), codec.encode(rollout));
    letter(DeadLetters.NO_EVENT, Topic.JUDGEMENTS, "key", new byte[] {1, 2, 3});

    // When
    List<StoredDeadLetter> byCause = box.list(filter("unknown-run", null));
    List<StoredDeadLetter> byTopic = box.list(filter(null, "judgements"));
    Instant later = Instant.now().plusSeconds(60);
    List<StoredDeadLetter> later2 = box.list(new DeadLetterFilter(null, null, null, later, null));

    // Then
    assertThat(box.list(DeadLetterFilter.ALL)).hasSize(2);
    assertThat(byCause)
        .singleElement()
        .extracting(l -> l.letter().getCause())
        .isEqualTo("unknown-run");
    assertThat(byTopic)
        .singleElement()
        .extracting(l -> l.letter().getCause())
        .isEqualTo("no-event");
    assertThat(later2).isEmpty();
  }

  @Test
  void shouldFetchTheRecordAsItWasWhenItIsStillOnItsTopic() throws Exception {
    // Given
    Rollout rollout = rollout(0);
    letter(DeadLetters.UNKNOWN_RUN, Topic.ROLLOUTS, rollout.getGroupId(), codec.encode(rollout));

    // When
    DeadLetterQueue.Original original =
        box.original(box.list(DeadLetterFilter.ALL).getFirst()).orElseThrow();

    // Then
    assertThat(original.quoted()).isFalse();
    assertThat(original.key()).isEqualTo(rollout.getGroupId());
    assertThat(box.decode(original.value())).isEqualTo(new DecodedRecord.Event(rollout));
  }

  @Test
  void shouldGetOneLetterByItsIdAndWhetherItWasRedriven() throws Exception {
    // Given
    Rollout rollout = rollout(0);
    letter(DeadLetters.UNKNOWN_RUN, Topic.ROLLOUTS, rollout.getGroupId(), codec.encode(rollout));
    letter(DeadLetters.NO_EVENT, Topic.JUDGEMENTS, "key", new byte[] {1, 2, 3});
    List<StoredDeadLetter> all = box.list(DeadLetterFilter.ALL);
    StoredDeadLetter before = box.get(all.getFirst().id());

    // When
    box.redrive(List.of(before), false, false);

    // Then
    assertThat(before).isEqualTo(all.getFirst());
    assertThat(before.redrivenAt()).isNull();
    List<StoredDeadLetter> now = box.list(DeadLetterFilter.ALL);
    assertThat(box.get(before.id())).isEqualTo(now.getFirst());
    assertThat(box.get(before.id()).redrivenAt()).isNotNull();
    assertThat(box.get(all.getLast().id())).isEqualTo(now.getLast());
    long mark = now.getLast().id() + 1;
    assertThatThrownBy(() -> box.get(mark)).hasMessageStartingWith("ID: no dead letter " + mark);
    assertThatThrownBy(() -> box.get(99)).hasMessageStartingWith("ID: no dead letter 99");
  }

  @Test
  void shouldSendTheSameBytesOnceWhenARecordIsRedriven() throws Exception {
    // Given
    Rollout rollout = rollout(0);
    byte[] bytes = codec.encode(rollout);
    letter(DeadLetters.UNKNOWN_RUN, Topic.ROLLOUTS, rollout.getGroupId(), bytes);

    // When
    List<Redriven> first = box.redrive(box.list(DeadLetterFilter.ALL), false, false);
    List<Redriven> second = box.redrive(box.list(DeadLetterFilter.ALL), false, false);
    List<Redriven> again = box.redrive(box.list(DeadLetterFilter.ALL), true, false);

    // Then
    assertThat(first).singleElement().isInstanceOf(Redriven.Sent.class);
    assertThat(second)
        .singleElement()
        .isInstanceOfSatisfying(
            Redriven.Refused.class,
            refused -> assertThat(refused.reason()).contains("--include-redriven"));
    assertThat(again).singleElement().isInstanceOf(Redriven.Sent.class);
    assertThat(records(Topic.ROLLOUTS))
        .hasSize(3)
        .allSatisfy(
            record -> {
              assertThat(record.value()).isEqualTo(bytes);
              assertThat(record.key()).isEqualTo(rollout.getGroupId());
            });
    assertThat(box.list(DeadLetterFilter.ALL))
        .singleElement()
        .satisfies(letter -> assertThat(letter.redrivenAt()).isNotNull());
  }

  @Test
  void shouldRefuseWhatWouldHaveNoEffectUnlessForced() throws Exception {
    // Given
    Rollout rollout = rollout(0);
    letter(DeadLetters.NO_EVENT, Topic.ROLLOUTS, "key", new byte[] {1, 2, 3});
    letter(DeadLetters.LATE, Topic.ROLLOUTS, rollout.getGroupId(), codec.encode(rollout));
    close(rollout);

    // When
    List<Redriven> refused = box.redrive(box.list(DeadLetterFilter.ALL), false, false);
    List<Redriven> forced = box.redrive(box.list(DeadLetterFilter.ALL), false, true);

    // Then
    assertThat(refused)
        .extracting(one -> one instanceof Redriven.Refused(var letter, String why) ? why : "sent")
        .satisfiesExactly(
            why -> assertThat(why).contains("the same bytes would be rejected"),
            why -> assertThat(why).contains("closed at"));
    assertThat(forced).hasOnlyElementsOfType(Redriven.Sent.class);
  }

  @Test
  void shouldNeverSendABatchOnceMoreWhenForced() throws Exception {
    // Given
    letter(DeadLetters.UNUSABLE_BATCH, Topic.BATCHES, TestEvents.RUN, new byte[] {1});

    // When
    List<Redriven> results = box.redrive(box.list(DeadLetterFilter.ALL), true, true);

    // Then
    assertThat(results)
        .singleElement()
        .isInstanceOfSatisfying(
            Redriven.Refused.class, refused -> assertThat(refused.reason()).contains("order"));
    assertThat(records(Topic.BATCHES)).hasSize(1);
  }

  @Test
  void shouldNameTheIdWhenThereIsNoSuchLetter() {
    // When / Then
    assertThatThrownBy(() -> box.get(17))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no dead letter 17");
  }

  private static DeadLetterFilter filter(
      @org.jspecify.annotations.Nullable String cause,
      @org.jspecify.annotations.Nullable String topic) {
    return new DeadLetterFilter(null, cause, topic, null, null);
  }

  private static Rollout rollout(long ordinal) {
    Prompt prompt = TestEvents.prompt(ordinal).build();
    return TestEvents.rollout(prompt, "AB", 0).build();
  }

  private void letter(String cause, Topic topic, String key, byte[] value) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(KafkaClientSettings.producer(place));
        EventProducer events = EventProducer.idempotent(place)) {
      RecordMetadata at = producer.send(new ProducerRecord<>(topic.in(place), key, value)).get();
      DeadLetter letter =
          DeadLetters.of(
              "topology",
              cause,
              "a test",
              null,
              at.topic(),
              at.partition(),
              at.offset(),
              null,
              null,
              Instant.now());
      events.send(Topic.DEAD_LETTERS, key, letter).get();
    }
  }

  private void close(Rollout rollout) throws Exception {
    try (EventProducer events = EventProducer.idempotent(place)) {
      GroupOutcome outcome =
          GroupOutcome.newBuilder()
              .setRunId(rollout.getRunId())
              .setGroupId(rollout.getGroupId())
              .setStatus(GroupStatus.EXPIRED)
              .setExpected(4)
              .setMembers(List.of())
              .setOpenedAt(TestEvents.START)
              .setCreatedAt(TestEvents.START)
              .build();
      events.send(Topic.GROUPS, rollout.getGroupId(), outcome).get();
    }
  }

  private List<ConsumerRecord<String, byte[]>> records(Topic topic) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    new EventLog(place).scanRecords(topic, records::add);
    return records;
  }
}
