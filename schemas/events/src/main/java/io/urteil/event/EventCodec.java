package io.urteil.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SystemLimitException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes events in Avro's single-object encoding: {@code C3 01}, the 64-bit Rabin
 * fingerprint of the writer schema (little endian), then the binary datum.
 *
 * <p>The header is parsed here and decoders are reused per thread, which takes a sixth of the time
 * of Avro's message decoder. Fingerprints that are not on the class path are resolved by {@code
 * writerSchemas}, usually {@link WriterSchemas}, and cached. Thread-safe.
 */
public final class EventCodec {

  /** Twice the largest record that brokers accept by {@link TopicSettings}. */
  private static final int MAX_TEXT_BYTES = 16 << 20;

  /** Items of one array or map: more than any event has. */
  private static final int MAX_ITEMS = 1 << 20;

  static {
    // Avro allocates memory for the length that a record claims before it reads the content. These
    // limits are read once, when something is first decoded.
    limit(SystemLimitException.MAX_STRING_LENGTH_PROPERTY, MAX_TEXT_BYTES);
    limit(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY, MAX_TEXT_BYTES);
    limit(SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY, MAX_ITEMS);
    // Avro instantiates trusted classes only. Setting the system property here would be too late
    // if events were built before the first codec.
    String events = EventCodec.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(events)));
  }

  private static final int HEADER_BYTES = 10;

  /** The schemas of all events that topics contain. */
  public static final List<Schema> EVENTS =
      List.of(
          Prompt.SCHEMA$,
          Rollout.SCHEMA$,
          RolloutGroup.SCHEMA$,
          Judgement.SCHEMA$,
          Reward.SCHEMA$,
          GroupOutcome.SCHEMA$,
          GrpoBatch.SCHEMA$,
          PreferenceBatch.SCHEMA$,
          DemonstrationBatch.SCHEMA$,
          PolicyUpdate.SCHEMA$,
          Checkpoint.SCHEMA$,
          Run.SCHEMA$,
          Progress.SCHEMA$,
          DeadLetter.SCHEMA$,
          RewardRequest.SCHEMA$);

  private static final Map<String, Schema> READERS =
      EVENTS.stream().collect(Collectors.toMap(Schema::getFullName, schema -> schema));

  private final Map<String, byte[]> headers = new ConcurrentHashMap<>();
  private final Map<String, SpecificDatumWriter<SpecificRecord>> writers =
      new ConcurrentHashMap<>();
  private final Map<Long, SpecificDatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();
  private final LongFunction<@Nullable Schema> writerSchemas;
  private final ThreadLocal<@Nullable BinaryDecoder> decoders = new ThreadLocal<>();
  private final ThreadLocal<@Nullable BinaryEncoder> encoders = new ThreadLocal<>();

  /** A codec that knows the schemas on the class path only. */
  public EventCodec() {
    this(fingerprint -> null);
  }

  /**
   * A codec that resolves unknown writer schemas.
   *
   * @param writerSchemas from fingerprint to schema, null if unknown; called on the decoding thread
   */
  public EventCodec(LongFunction<@Nullable Schema> writerSchemas) {
    this.writerSchemas = writerSchemas;
    for (Schema schema : EVENTS) {
      readers.put(fingerprint(schema), reader(schema, schema));
    }
    for (Schema past : SchemaHistory.load()) {
      readers.computeIfAbsent(fingerprint(past), f -> reader(past, readerOf(past)));
    }
  }

  /**
   * Permits Avro to instantiate events, for code that builds events before it has a codec.
   * Idempotent.
   */
  public static void trustEvents() {
    // The static initialiser of this class does it.
  }

  /** The 64-bit Rabin fingerprint of the schema, as in the header; independent of its docs. */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** Encodes the event. */
  public byte[] encode(SpecificRecord event) {
    Schema schema = event.getSchema();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(headers.computeIfAbsent(schema.getFullName(), name -> header(schema)));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoders.get());
    encoders.set(encoder);
    try {
      writers.computeIfAbsent(schema.getFullName(), name -> writer(schema)).write(event, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode " + schema.getName(), e);
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes these bytes. Never throws because of their content: whatever Avro throws for them, also
   * an overflow of the stack by a recursive writer schema, is the reason of a {@link
   * DecodedRecord.NotAnEvent}.
   */
  public DecodedRecord decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new DecodedRecord.NotAnEvent("no value (expected: an event)");
    }
    if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != 1) {
      return new DecodedRecord.NotAnEvent(
          "%d bytes that start with %s (expected: an Avro single-object header C3 01)"
              .formatted(bytes.length, hexStart(bytes)));
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    SpecificDatumReader<SpecificRecord> reader = readerFor(fingerprint);
    if (reader == null) {
      return new DecodedRecord.NotAnEvent(
          "schema fingerprint: %016x (expected: one on the class path or on the schemas topic)"
              .formatted(fingerprint));
    }
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, decoders.get());
    decoders.set(decoder);
    try {
      SpecificRecord event = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        return new DecodedRecord.NotAnEvent(
            "surplus bytes after a " + reader.getSchema().getName());
      }
      return new DecodedRecord.Event(event);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // A decoder that failed in the middle of a block may have a part of it left.
      decoders.remove();
      return new DecodedRecord.NotAnEvent(
          "damaged %s: %s (expected: its Avro encoding)"
              .formatted(reader.getSchema().getName(), e.toString()));
    }
  }

  /**
   * Decodes an event of this class.
   *
   * @throws IllegalArgumentException when the bytes are not an event of this class
   */
  public <T extends SpecificRecord> T decode(byte @Nullable [] bytes, Class<T> type) {
    return switch (decode(bytes)) {
      case DecodedRecord.Event(SpecificRecord event) when type.isInstance(event) ->
          type.cast(event);
      case DecodedRecord.Event(SpecificRecord event) ->
          throw new IllegalArgumentException(
              event.getSchema().getName() + " (expected: a " + type.getSimpleName() + ")");
      case DecodedRecord.NotAnEvent(String reason) ->
          throw new IllegalArgumentException(
              reason + " (expected: a " + type.getSimpleName() + ")");
    };
  }

  private @Nullable SpecificDatumReader<SpecificRecord> readerFor(long fingerprint) {
    SpecificDatumReader<SpecificRecord> known = readers.get(fingerprint);
    if (known != null) {
      return known;
    }
    Schema writer = writerSchemas.apply(fingerprint);
    if (writer == null || !READERS.containsKey(writer.getFullName())) {
      return null;
    }
    return readers.computeIfAbsent(fingerprint, f -> reader(writer, readerOf(writer)));
  }

  private static Schema readerOf(Schema writer) {
    Schema reader = READERS.get(writer.getFullName());
    if (reader == null) {
      throw new IllegalStateException(
          "schema " + writer.getFullName() + " in history (expected: an event of EventCodec)");
    }
    return reader;
  }

  private static SpecificDatumReader<SpecificRecord> reader(Schema writer, Schema reader) {
    return new SpecificDatumReader<>(writer, reader, SpecificData.getForSchema(reader));
  }

  /** Nested types with generated encoders are written by these. */
  private static SpecificDatumWriter<SpecificRecord> writer(Schema schema) {
    SpecificData model = SpecificData.getForSchema(schema);
    model.setCustomCoders(true);
    return new SpecificDatumWriter<>(schema, model);
  }

  private static byte[] header(Schema schema) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 1)
        .putLong(fingerprint(schema))
        .array();
  }

  private static void limit(String property, int most) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(most));
    }
  }

  private static String hexStart(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      hex.append(hex.isEmpty() ? "" : " ").append("%02X".formatted(bytes[i]));
    }
    return hex.isEmpty() ? "(empty)" : hex.toString();
  }
}
