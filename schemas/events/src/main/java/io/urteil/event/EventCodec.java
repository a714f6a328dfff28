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
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
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
 * Events to bytes and back, in Avro's single-object encoding: {@code C3 01}, the writer schema's
 * 64-bit Rabin fingerprint (little endian), then the binary datum.
 *
 * <p>The header is parsed here and decoders are reused per thread, which takes a sixth of the time
 * of Avro's own message decoder. A fingerprint that is not on the class path is asked for once from
 * the {@code writerSchemas} given, usually {@link WriterSchemas}. Thread-safe.
 */
public final class EventCodec {

  static {
    // Avro refuses to make instances of classes it was not told to trust. A system property would
    // come too late when events were built before the first codec.
    String events = EventCodec.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(events)));
  }

  private static final int HEADER_BYTES = 10;

  /** Every event that may stand on a topic. */
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
          DeadLetter.SCHEMA$);

  private static final Map<String, Schema> READERS =
      EVENTS.stream().collect(Collectors.toMap(Schema::getFullName, schema -> schema));

  private final Map<String, byte[]> headers = new ConcurrentHashMap<>();
  private final Map<String, SpecificDatumWriter<SpecificRecord>> writers =
      new ConcurrentHashMap<>();
  private final Map<Long, SpecificDatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();
  private final LongFunction<@Nullable Schema> writerSchemas;
  private final ThreadLocal<@Nullable BinaryDecoder> decoders = new ThreadLocal<>();
  private final ThreadLocal<@Nullable BinaryEncoder> encoders = new ThreadLocal<>();

  /** A codec that reads what the class path's own schemas wrote. */
  public EventCodec() {
    this(fingerprint -> null);
  }

  /**
   * A codec that asks for writer schemas it does not know.
   *
   * @param writerSchemas fingerprint to schema, null when nobody knows it
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
   * Lets Avro make events. For code that builds events before it has a codec; calling it is enough,
   * as often as one likes.
   */
  public static void trustEvents() {
    // Loading this class is what does it.
  }

  /** The schema's 64-bit Rabin fingerprint, as in the header. */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** The event as bytes. */
  public byte[] encode(SpecificRecord event) {
    Schema schema = event.getSchema();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(headers.computeIfAbsent(schema.getFullName(), name -> header(schema)));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, encoders.get());
    encoders.set(encoder);
    try {
      writers.computeIfAbsent(schema.getFullName(), name -> writer(schema)).write(event, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + schema.getName() + " to memory", e);
    }
    return bytes.toByteArray();
  }

  /** What these bytes are; never throws for their content. */
  public DecodedRecord decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new DecodedRecord.NotAnEvent("no value (expected: an event)");
    }
    if (bytes.length < HEADER_BYTES || bytes[0] != (byte) 0xC3 || bytes[1] != 1) {
      return new DecodedRecord.NotAnEvent(
          "%d bytes beginning %s (expected: an Avro single-object header C3 01)"
              .formatted(bytes.length, hexStart(bytes)));
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    SpecificDatumReader<SpecificRecord> reader = readerFor(fingerprint);
    if (reader == null) {
      return new DecodedRecord.NotAnEvent(
          "schema fingerprint %016x is neither on the class path nor on the schemas topic"
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
            "bytes left over after a " + reader.getSchema().getName());
      }
      return new DecodedRecord.Event(event);
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      return new DecodedRecord.NotAnEvent(
          "damaged %s: %s".formatted(reader.getSchema().getName(), e.toString()));
    }
  }

  /**
   * The event of this class in these bytes.
   *
   * @throws IllegalArgumentException when the bytes are something else
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

  /** What within an event has code of its own to write it, is written by that. */
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

  private static String hexStart(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      hex.append(hex.isEmpty() ? "" : " ").append("%02X".formatted(bytes[i]));
    }
    return hex.isEmpty() ? "(empty)" : hex.toString();
  }
}
