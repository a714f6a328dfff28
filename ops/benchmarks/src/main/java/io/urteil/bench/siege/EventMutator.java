package io.urteil.bench.siege;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes hostile records from events of a run. They claim to be of another run, but keep the group
 * ids: a client that may write events of a run may also forge them, and no reader can tell. Not
 * thread-safe.
 */
final class EventMutator {

  private static final int HEADER_BYTES = 10;
  private static final int HUGE_KEY_BYTES = 5 << 20;
  private static final int HUGE_TEXT_BYTES = 5 << 20;
  private static final Set<Attack.Kind> HUGE =
      EnumSet.of(Attack.Kind.HUGE_KEY, Attack.Kind.HUGE_TEXT);

  /** One in this many, so that they do not take all of the time. */
  private static final int HUGE_SHARE = 20;

  /** As above, since the broker refuses most of them, and writes each into its log. */
  private static final int REFUSED_SHARE = 5;

  private static final String RUN_ID = "runId";
  private static final String CREATED_AT = "createdAt";

  /** 1970, 2001, 2100 and 9999. */
  private static final long[] TIMES = {
    0, 1_000_000_000_000L, 4_102_444_800_000L, 253_370_764_800_000L
  };

  private static final List<Topic> TOPICS =
      List.of(
          Topic.PROMPTS,
          Topic.ROLLOUTS,
          Topic.JUDGEMENTS,
          Topic.PROMPTS,
          Topic.ROLLOUTS,
          Topic.JUDGEMENTS,
          Topic.ROLLOUT_GROUPS,
          Topic.GROUPS,
          Topic.BATCHES,
          Topic.CHECKPOINTS,
          Topic.PROGRESS,
          Topic.RUNS,
          Topic.SCHEMAS);

  private final RandomGenerator random;
  private final EventCodec codec = new EventCodec();
  private final String honestRun;
  private final String hostileRun;
  private final int partitions;

  EventMutator(RandomGenerator random, String honestRun, String hostileRun, int partitions) {
    this.random = random;
    this.honestRun = honestRun;
    this.hostileRun = hostileRun;
    this.partitions = partitions;
  }

  /**
   * The next attack.
   *
   * @param event an encoded event
   * @param source its topic
   * @param key its key
   * @return empty if the attack would be an event of the honest run
   */
  Optional<Attack> next(byte[] event, Topic source, String key) {
    Attack.Kind kind = Attack.Kind.values()[random.nextInt(Attack.Kind.values().length)];
    if (HUGE.contains(kind) && random.nextInt(HUGE_SHARE) > 0) {
      kind = Attack.Kind.EXTREME_FIELD;
    }
    if (kind == Attack.Kind.OTHER_TIME && random.nextInt(REFUSED_SHARE) > 0) {
      kind = Attack.Kind.DUPLICATE;
    }
    byte[] mine = renamed(event);
    if (mine == null) {
      return Optional.empty();
    }
    byte[] sameKey = key.getBytes(StandardCharsets.UTF_8);
    Attack attack =
        switch (kind) {
          case RANDOM_BYTES -> of(kind, topic(), sameKey, bytes(random.nextInt(200)));
          case TRUNCATED ->
              of(kind, source, sameKey, Arrays.copyOf(mine, random.nextInt(mine.length)));
          case BIT_FLIPS -> of(kind, source, sameKey, flipped(mine));
          case ENDLESS_LENGTH -> of(kind, source, sameKey, endless(mine));
          case EXTREME_FIELD -> of(kind, source, sameKey, extreme(mine, 0));
          case HUGE_TEXT -> of(kind, source, sameKey, extreme(mine, HUGE_TEXT_BYTES));
          case HUGE_KEY -> of(kind, topic(), new byte[HUGE_KEY_BYTES], bytes(20));
          case DUPLICATE -> of(kind, source, sameKey, mine);
          case OTHER_TOPIC -> of(kind, topic(), sameKey, mine);
          case OTHER_PARTITION ->
              new Attack(kind, source, random.nextInt(partitions), null, sameKey, mine);
          case OTHER_TIME -> {
            long time = TIMES[random.nextInt(TIMES.length)];
            yield new Attack(kind, source, null, time, sameKey, at(time, mine));
          }
          case TOMBSTONE -> of(kind, topic(), sameKey, null);
          case OTHER_KEY -> of(kind, source, random.nextBoolean() ? null : bytes(12), mine);
          case SCHEMA -> schema(mine, source, sameKey);
        };
    return isHonest(attack.value()) ? Optional.empty() : Optional.of(attack);
  }

  private static Attack of(
      Attack.Kind kind, Topic topic, byte @Nullable [] key, byte @Nullable [] value) {
    return new Attack(kind, topic, null, null, key, value);
  }

  private Topic topic() {
    return TOPICS.get(random.nextInt(TOPICS.size()));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The event under the name of the hostile run; null for an event without a run. */
  private byte @Nullable [] renamed(byte[] event) {
    GenericRecord record = generic(event);
    if (record == null || record.getSchema().getField(RUN_ID) == null) {
      return null;
    }
    record.put(RUN_ID, hostileRun);
    return encoded(record, event);
  }

  /** The event as if created at this time. */
  private byte[] at(long time, byte[] event) {
    GenericRecord record = generic(event);
    if (record == null || record.getSchema().getField(CREATED_AT) == null) {
      return event;
    }
    record.put(CREATED_AT, time);
    return encoded(record, event);
  }

  private byte[] flipped(byte[] event) {
    byte[] flipped = event.clone();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] endless(byte[] event) {
    int at = HEADER_BYTES + random.nextInt(event.length - HEADER_BYTES);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(event, 0, at);
    int bytes = 1 + random.nextInt(10);
    for (int i = 1; i < bytes; i++) {
      out.write(0xFE + random.nextInt(2));
    }
    out.write(random.nextInt(2));
    out.write(event, at, event.length - at);
    return out.toByteArray();
  }

  private byte[] extreme(byte[] event, int hugeBytes) {
    GenericRecord record = generic(event);
    if (record == null) {
      return event;
    }
    try {
      FieldMutation mutation = new FieldMutation(random, hugeBytes);
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        mutation.apply(record);
      }
      return encoded(record, event);
    } catch (RuntimeException e) {
      // The value does not fit the field's schema.
      return flipped(event);
    }
  }

  /**
   * A schema of its own, which refers to itself, and an event that claims to be written with it.
   */
  private Attack schema(byte[] event, Topic source, byte[] key) {
    long fingerprint = random.nextLong();
    if (random.nextBoolean()) {
      String text =
          random.nextBoolean()
              ? "[".repeat(100_000)
              : "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}";
      return of(
          Attack.Kind.SCHEMA,
          Topic.SCHEMAS,
          Long.toHexString(fingerprint).getBytes(StandardCharsets.UTF_8),
          text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] other = event.clone();
    ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putLong(2, fingerprint);
    return of(Attack.Kind.SCHEMA, source, key, other);
  }

  private boolean isHonest(byte @Nullable [] value) {
    return value != null
        && codec.decode(value) instanceof DecodedRecord.Event(SpecificRecord event)
        && event.getSchema().getField(RUN_ID) != null
        && honestRun.equals(event.get(event.getSchema().getField(RUN_ID).pos()));
  }

  private @Nullable GenericRecord generic(byte[] event) {
    if (!(codec.decode(event) instanceof DecodedRecord.Event(SpecificRecord decoded))) {
      return null;
    }
    try {
      Schema schema = decoded.getSchema();
      return new GenericDatumReader<GenericRecord>(schema)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(event, HEADER_BYTES, event.length - HEADER_BYTES, null));
    } catch (IOException e) {
      return null;
    }
  }

  private static byte[] encoded(GenericRecord record, byte[] header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header, 0, HEADER_BYTES);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }
}
