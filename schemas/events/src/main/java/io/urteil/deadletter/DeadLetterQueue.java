package io.urteil.deadletter;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventLog;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.LogFollower;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lists and redrives the dead letters of a namespace.
 *
 * <p>Redriving publishes the record of a dead letter to its topic again, byte for byte, and then
 * publishes a dead letter with the cause {@code redriven} about the first one. Not thread-safe.
 */
public final class DeadLetterQueue {

  private static final String NAME = "dead-letters";

  /** Topics whose readers accept records in any order and ignore repeated ones. */
  private static final Set<Topic> REDRIVEN_TO =
      Set.of(Topic.PROMPTS, Topic.ROLLOUTS, Topic.ROLLOUT_GROUPS, Topic.JUDGEMENTS);

  /** Causes that apply to the same bytes again. */
  private static final Set<String> PERMANENT_CAUSES =
      Set.of(DeadLetters.NO_EVENT, DeadLetters.HASH_MISMATCH, DeadLetters.INVALID);

  private static final String RUN_ID = "runId";

  private final Namespace namespace;
  private final EventLog log;

  /** The dead letters of this namespace. */
  public DeadLetterQueue(Namespace namespace) {
    this.namespace = namespace;
    this.log = new EventLog(namespace);
  }

  /** The result of redriving one dead letter. */
  public sealed interface Redriven {
    /** The record was published to its topic again, at this position. */
    record Sent(StoredDeadLetter letter, int partition, long offset) implements Redriven {}

    /** The record was not published. */
    record Refused(StoredDeadLetter letter, String reason) implements Redriven {}
  }

  /**
   * The record that a dead letter is about.
   *
   * @param quoted whether the record was deleted from its topic, and this is the copy in the dead
   *     letter
   */
  public record Original(@Nullable String key, byte @Nullable [] value, boolean quoted) {}

  /**
   * The selected dead letters, oldest first.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker responds
   */
  public List<StoredDeadLetter> list(DeadLetterFilter filter) {
    PartitionBounds.of(namespace);
    Map<Long, DeadLetter> letters = new java.util.TreeMap<>();
    Map<Long, Instant> redriven = new HashMap<>();
    log.scan(
        Topic.DEAD_LETTERS,
        DeadLetter.class,
        found -> {
          DeadLetter letter = found.event();
          if (letter.getCause().equals(DeadLetters.REDRIVEN)) {
            redriven.put(letter.getOffset(), letter.getCreatedAt());
          } else {
            letters.put(found.position().offset(), letter);
          }
        });
    Predicate<DeadLetter> selected = filter.in(namespace);
    List<StoredDeadLetter> found = new ArrayList<>();
    letters.forEach(
        (id, letter) -> {
          if (selected.test(letter)) {
            found.add(new StoredDeadLetter(id, letter, redriven.get(id)));
          }
        });
    return found;
  }

  /**
   * One dead letter. Reads the record at its offset and the later ones, which may mark it as
   * redriven.
   *
   * @throws IllegalArgumentException when the id is not that of a dead letter
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker responds
   */
  public StoredDeadLetter get(long id) {
    PartitionBounds.of(namespace);
    RecordPosition position = new RecordPosition(Topic.DEAD_LETTERS.in(namespace), 0, id);
    DeadLetter letter =
        log.read(position, DeadLetter.class)
            .map(LoggedEvent::event)
            .filter(found -> !found.getCause().equals(DeadLetters.REDRIVEN))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "ID: no dead letter %d on %s (expected: an id listed by 'dead-letters list')"
                            .formatted(id, position.topic())));
    return new StoredDeadLetter(id, letter, redrivenAt(position));
  }

  private @Nullable Instant redrivenAt(RecordPosition position) {
    AtomicReference<@Nullable Instant> last = new AtomicReference<>();
    try (LogFollower after = log.followFrom(List.of(position.next()))) {
      after.readToTheEnd(
          record ->
              log.event(record, DeadLetter.class)
                  .map(LoggedEvent::event)
                  .filter(later -> later.getCause().equals(DeadLetters.REDRIVEN))
                  .filter(later -> later.getOffset() == position.offset())
                  .ifPresent(later -> last.set(later.getCreatedAt())));
    }
    return last.get();
  }

  /** The record that the dead letter is about, from its topic or else from the dead letter. */
  public Optional<Original> original(StoredDeadLetter stored) {
    DeadLetter letter = stored.letter();
    Optional<ConsumerRecord<String, byte[]>> record =
        log.read(new RecordPosition(letter.getTopic(), letter.getPartition(), letter.getOffset()));
    if (record.isPresent()) {
      return record.map(found -> new Original(found.key(), found.value(), false));
    }
    ByteBuffer value = letter.getValue();
    return value == null
        ? Optional.empty()
        : Optional.of(
            new Original(
                letter.getKey() == null
                    ? null
                    : new String(bytes(letter.getKey()), StandardCharsets.UTF_8),
                bytes(value),
                true));
  }

  /** Decodes the bytes of a record. */
  public DecodedRecord decode(byte @Nullable [] value) {
    return log.codec().decode(value);
  }

  /**
   * Redrives these dead letters.
   *
   * @param again whether to redrive those that were redriven before
   * @param force whether to redrive records without effect; never to topics whose readers require
   *     order
   */
  public List<Redriven> redrive(List<StoredDeadLetter> letters, boolean again, boolean force) {
    ClosedGroups closed = new ClosedGroups(log);
    List<Redriven> results = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(namespace))) {
      for (StoredDeadLetter letter : letters) {
        results.add(redrive(letter, again, force, closed, producer));
      }
    }
    return results;
  }

  private Redriven redrive(
      StoredDeadLetter stored,
      boolean again,
      boolean force,
      ClosedGroups closed,
      KafkaProducer<String, byte[]> producer) {
    DeadLetter letter = stored.letter();
    if (REDRIVEN_TO.stream().noneMatch(topic -> topic.in(namespace).equals(letter.getTopic()))) {
      return new Redriven.Refused(
          stored, "the readers of %s require its order".formatted(letter.getTopic()));
    }
    if (stored.redrivenAt() != null && !again) {
      return new Redriven.Refused(
          stored,
          "redriven at %s; --include-redriven redrives it again".formatted(stored.redrivenAt()));
    }
    Optional<Original> original = original(stored);
    if (original.isEmpty()) {
      return new Redriven.Refused(
          stored, "the record is deleted, and the dead letter has no copy of it");
    }
    if (!force) {
      String noEffect = noEffect(letter, original.get(), closed);
      if (noEffect != null) {
        return new Redriven.Refused(stored, noEffect + "; --force redrives it anyway");
      }
    }
    return send(stored, original.get(), producer);
  }

  private @Nullable String noEffect(DeadLetter letter, Original original, ClosedGroups closed) {
    if (PERMANENT_CAUSES.contains(letter.getCause())) {
      return "%s: the same bytes would be rejected again".formatted(letter.getCause());
    }
    String runId = runOf(letter, original);
    Instant at =
        original.key() == null || runId == null ? null : closed.closedAt(runId, original.key());
    return at == null ? null : "its group '%s' closed at %s".formatted(original.key(), at);
  }

  private @Nullable String runOf(DeadLetter letter, Original original) {
    if (letter.getRunId() == null
        && decode(original.value()) instanceof DecodedRecord.Event(var event)
        && event.getSchema().getField(RUN_ID) != null) {
      return (String) event.get(event.getSchema().getField(RUN_ID).pos());
    }
    return letter.getRunId();
  }

  private Redriven send(
      StoredDeadLetter stored, Original original, KafkaProducer<String, byte[]> producer) {
    DeadLetter letter = stored.letter();
    Integer partition = original.key() == null ? (Integer) letter.getPartition() : null;
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(letter.getTopic(), partition, original.key(), original.value());
    record.headers().add("urteil-redriven", ("" + stored.id()).getBytes(StandardCharsets.UTF_8));
    try {
      var sent = producer.send(record).get();
      DeadLetter redriven =
          DeadLetters.of(
              NAME,
              DeadLetters.REDRIVEN,
              "sent to %s-%d@%d".formatted(sent.topic(), sent.partition(), sent.offset()),
              letter.getRunId(),
              Topic.DEAD_LETTERS.in(namespace),
              0,
              stored.id(),
              null,
              null,
              Instant.now());
      producer
          .send(
              new ProducerRecord<>(
                  Topic.DEAD_LETTERS.in(namespace),
                  0,
                  original.key(),
                  log.codec().encode(redriven)))
          .get();
      return new Redriven.Sent(stored, sent.partition(), sent.offset());
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(
          "cannot redrive dead letter %d to %s".formatted(stored.id(), letter.getTopic()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while redriving dead letter " + stored.id(), e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
