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
 * The dead letters of a tenant.
 *
 * <p>Re-driving sends a letter's record to its topic once more, byte for byte, and then says so on
 * {@code dead-letters}: a letter with the cause {@code redriven} about the letter itself. Used by
 * one thread.
 */
public final class DeadLetterQueue {

  private static final String PART = "dead-letters";

  /** What reads these topics takes a record at any time, and a repeated one without harm. */
  private static final Set<Topic> REDRIVEN_TO =
      Set.of(Topic.PROMPTS, Topic.ROLLOUTS, Topic.ROLLOUT_GROUPS, Topic.JUDGEMENTS);

  /** The same bytes would be refused once more. */
  private static final Set<String> FOR_EVER =
      Set.of(DeadLetters.NO_EVENT, DeadLetters.HASH_MISMATCH, DeadLetters.INVALID);

  private final Namespace place;
  private final EventLog log;

  /** The letters of this tenant. */
  public DeadLetterQueue(Namespace place) {
    this.place = place;
    this.log = new EventLog(place);
  }

  /** What became of one letter that was to be re-driven. */
  public sealed interface Redriven {
    /** Its record was sent to its topic once more. */
    record Sent(StoredDeadLetter letter, int partition, long offset) implements Redriven {}

    /** It was not, and why. */
    record Refused(StoredDeadLetter letter, String reason) implements Redriven {}
  }

  /**
   * The record that a letter is about, as it was.
   *
   * @param quoted whether the topic has it no longer, and these are the bytes in the letter
   */
  public record Original(@Nullable String key, byte @Nullable [] value, boolean quoted) {}

  /**
   * The letters, oldest first.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   */
  public List<StoredDeadLetter> list(DeadLetterFilter filter) {
    PartitionBounds.of(place);
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
    Predicate<DeadLetter> wanted = filter.in(place);
    List<StoredDeadLetter> found = new ArrayList<>();
    letters.forEach(
        (id, letter) -> {
          if (wanted.test(letter)) {
            found.add(new StoredDeadLetter(id, letter, redriven.get(id)));
          }
        });
    return found;
  }

  /**
   * One letter. Reads the record at its offset, and those after it, which may say that it was
   * re-driven.
   *
   * @throws IllegalArgumentException when there is none with this id
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   */
  public StoredDeadLetter get(long id) {
    PartitionBounds.of(place);
    RecordPosition position = new RecordPosition(Topic.DEAD_LETTERS.in(place), 0, id);
    DeadLetter letter =
        log.read(position, DeadLetter.class)
            .map(LoggedEvent::event)
            .filter(found -> !found.getCause().equals(DeadLetters.REDRIVEN))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "ID: no dead letter %d on %s (expected: an id that 'dead-letters list' shows)"
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

  /** The record that the letter is about, from its topic or else from the letter. */
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

  /** What the bytes of a record are. */
  public DecodedRecord decode(byte @Nullable [] value) {
    return log.codec().decode(value);
  }

  /**
   * Sends the records of these letters once more.
   *
   * @param again also what was re-driven before
   * @param force also what would have no effect; never to a topic whose readers count on order
   */
  public List<Redriven> redrive(List<StoredDeadLetter> letters, boolean again, boolean force) {
    ClosedGroups closed = new ClosedGroups(log);
    List<Redriven> results = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
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
    if (REDRIVEN_TO.stream().noneMatch(topic -> topic.in(place).equals(letter.getTopic()))) {
      return new Redriven.Refused(
          stored, "what reads %s counts on its order".formatted(letter.getTopic()));
    }
    if (stored.redrivenAt() != null && !again) {
      return new Redriven.Refused(
          stored,
          "was redriven at %s (expected: --include-redriven to redrive it again)"
              .formatted(stored.redrivenAt()));
    }
    Optional<Original> original = original(stored);
    if (original.isEmpty()) {
      return new Redriven.Refused(stored, "its record is deleted, and the letter quotes no bytes");
    }
    if (!force) {
      String inVain = inVain(letter, original.get(), closed);
      if (inVain != null) {
        return new Redriven.Refused(stored, inVain + "; --force sends it all the same");
      }
    }
    return send(stored, original.get(), producer);
  }

  private static @Nullable String inVain(
      DeadLetter letter, Original original, ClosedGroups closed) {
    if (FOR_EVER.contains(letter.getCause())) {
      return "%s: the same bytes would be refused once more".formatted(letter.getCause());
    }
    Instant at = original.key() == null ? null : closed.closedAt(original.key());
    return at == null
        ? null
        : "its group '%s' closed at %s, and takes nothing more".formatted(original.key(), at);
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
              PART,
              DeadLetters.REDRIVEN,
              "sent to %s-%d@%d".formatted(sent.topic(), sent.partition(), sent.offset()),
              letter.getRunId(),
              Topic.DEAD_LETTERS.in(place),
              0,
              stored.id(),
              null,
              null,
              Instant.now());
      producer
          .send(
              new ProducerRecord<>(
                  Topic.DEAD_LETTERS.in(place), 0, original.key(), log.codec().encode(redriven)))
          .get();
      return new Redriven.Sent(stored, sent.partition(), sent.offset());
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(
          "re-driving letter %d to %s".formatted(stored.id(), letter.getTopic()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while re-driving letter " + stored.id(), e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
