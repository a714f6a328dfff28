package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class EventCodecTest {

  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);

  private final EventCodec codec = new EventCodec();

  @Test
  void shouldGiveBackTheEventItEncoded() {
    // Given
    Rollout rollout = rollout();

    // When
    DecodedRecord decoded = codec.decode(codec.encode(rollout));

    // Then
    assertThat(decoded).isEqualTo(new DecodedRecord.Event(rollout));
  }

  @Test
  void shouldWriteAvrosSingleObjectHeader() throws IOException {
    // Given
    Rollout rollout = rollout();

    // When
    byte[] bytes = codec.encode(rollout);

    // Then
    assertThat(bytes).isEqualTo(toArray(Rollout.getEncoder().encode(rollout)));
  }

  @Test
  void shouldKeepApartTwoEventsDecodedByOneThread() {
    // Given
    Rollout first = rollout();
    Rollout second = Rollout.newBuilder(first).setGroupId("run/t1").build();

    // When
    DecodedRecord one = codec.decode(codec.encode(first));
    DecodedRecord two = codec.decode(codec.encode(second));

    // Then
    assertThat(one).isEqualTo(new DecodedRecord.Event(first));
    assertThat(two).isEqualTo(new DecodedRecord.Event(second));
  }

  @Property
  void shouldNeverThrowForBytesThatAreNoEvent(@ForAll byte[] bytes) {
    assertThat(codec.decode(bytes)).isInstanceOf(DecodedRecord.NotAnEvent.class);
  }

  /** The smallest record that once stopped every component: a text of 2^63-1 bytes, in 20. */
  @Test
  void shouldNotThrowForTheLongestLengthInTwentyBytes() {
    for (Schema schema : EventCodec.EVENTS) {
      // Given
      byte[] bytes = TestEvents.endlessText(schema);

      // When
      DecodedRecord decoded = codec.decode(bytes);

      // Then
      assertThat(decoded)
          .as(schema.getName())
          .isInstanceOfSatisfying(
              DecodedRecord.NotAnEvent.class,
              e -> assertThat(e.reason()).startsWith("damaged " + schema.getName()));
    }
  }

  /** Lengths, counts, indices of unions and enums are varints: each is replaced by others. */
  @Property(tries = 20_000)
  void shouldNeverThrowWhateverNumberStandsAnywhereInAnEvent(
      @ForAll @IntRange(min = 0) int at, @ForAll @IntRange(max = 12) int cut, @ForAll long number) {
    // Given
    byte[] whole = codec.encode(rollout());
    int position = 10 + at % (whole.length - 10);
    byte[] varint = varint(number);
    int rest = Math.min(whole.length, position + cut);
    byte[] damaged =
        ByteBuffer.allocate(position + varint.length + whole.length - rest)
            .put(whole, 0, position)
            .put(varint)
            .put(whole, rest, whole.length - rest)
            .array();

    // When
    DecodedRecord decoded = codec.decode(damaged);

    // Then
    assertThat(decoded).isNotNull();
    assertThat(codec.decode(whole)).isEqualTo(new DecodedRecord.Event(rollout()));
  }

  @Test
  void shouldNotThrowWhenAWriterSchemaNestsForEver() throws IOException {
    // Given
    String nests =
        "{\"name\":\"later\",\"type\":{\"type\":\"record\",\"name\":\"Nest\",\"namespace\":\"x\","
            + "\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Nest\"]}]}}";
    String text = Progress.SCHEMA$.toString();
    Schema recursive =
        new Schema.Parser().parse(text.substring(0, text.lastIndexOf("]}")) + "," + nests + "]}");
    byte[] something = encodeGenerically(withOneMoreField(Progress.SCHEMA$));
    byte[] plain = Arrays.copyOf(something, something.length - "something".length() - 1);
    byte[] bytes = Arrays.copyOf(plain, plain.length + 1_000_000);
    Arrays.fill(bytes, plain.length, bytes.length, (byte) 2);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(2, EventCodec.fingerprint(recursive));

    // When
    DecodedRecord decoded = new EventCodec(fingerprint -> recursive).decode(bytes);

    // Then
    assertThat(decoded)
        .isInstanceOfSatisfying(
            DecodedRecord.NotAnEvent.class,
            e -> assertThat(e.reason()).startsWith("damaged Progress: "));
  }

  @Test
  void shouldTakeNeitherATombstoneNorGarbageForASchema() {
    String key = "%016x".formatted(EventCodec.fingerprint(Progress.SCHEMA$));
    byte[] text = Progress.SCHEMA$.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(WriterSchemas.schema(key, text)).contains(Progress.SCHEMA$);

    assertThat(WriterSchemas.schema(key, null)).isEmpty();
    assertThat(WriterSchemas.schema(key, new byte[] {(byte) 0xC3, 1})).isEmpty();
    assertThat(WriterSchemas.schema(key, "[".repeat(100_000).getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(WriterSchemas.schema(null, text)).isEmpty();
    assertThat(WriterSchemas.schema("", text)).isEmpty();
    assertThat(WriterSchemas.schema("0".repeat(16), text)).isEmpty();
    byte[] padded = Arrays.copyOf(text, Topic.MAX_SCHEMA_BYTES + 1);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    assertThat(WriterSchemas.schema(key, padded)).isEmpty();
  }

  @Test
  void shouldTellDamageAtEveryLengthAndNeverThrow() {
    // Given
    byte[] whole = codec.encode(rollout());

    for (int length = 0; length < whole.length; length++) {
      // When
      DecodedRecord decoded = codec.decode(Arrays.copyOf(whole, length));

      // Then
      assertThat(decoded).as("%d bytes", length).isInstanceOf(DecodedRecord.NotAnEvent.class);
    }
  }

  @Test
  void shouldNotThrowForAnyFlippedByte() {
    // Given
    byte[] whole = codec.encode(rollout());

    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] = (byte) ~damaged[i];

      // When
      DecodedRecord decoded = codec.decode(damaged);

      // Then
      assertThat(decoded).isNotNull();
    }
  }

  @Test
  void shouldSayWhatItFoundAndWhatItExpectedWhenTheEventIsOfAnotherClass() {
    byte[] bytes = codec.encode(rollout());

    assertThatThrownBy(() -> codec.decode(bytes, Prompt.class))
        .hasMessage("Rollout (expected: a Prompt)");
  }

  @Test
  void shouldReadWhatALaterProducerWroteWhenItsSchemaIsKnown() throws IOException {
    // Given
    Schema later = withOneMoreField(Progress.SCHEMA$);
    byte[] bytes = encodeGenerically(later);
    EventCodec knowing =
        new EventCodec(fingerprint -> fingerprint == EventCodec.fingerprint(later) ? later : null);

    // When
    DecodedRecord unknown = codec.decode(bytes);
    DecodedRecord known = knowing.decode(bytes);

    // Then
    assertThat(unknown)
        .isInstanceOfSatisfying(
            DecodedRecord.NotAnEvent.class,
            e ->
                assertThat(e.reason())
                    .contains("expected: one on the class path or on the schemas topic"));
    assertThat(known)
        .isInstanceOfSatisfying(
            DecodedRecord.Event.class,
            e -> assertThat(((Progress) e.value()).getGroupsBatched()).isEqualTo(16));
  }

  private static byte[] varint(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(10);
    long zigzag = (number << 1) ^ (number >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      bytes.put((byte) (zigzag & 0x7F | 0x80));
      zigzag >>>= 7;
    }
    bytes.put((byte) zigzag);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static Schema withOneMoreField(Schema schema) {
    String text = schema.toString();
    String more = "{\"name\":\"later\",\"type\":\"string\",\"default\":\"\",\"doc\":\"New.\"}";
    return new Schema.Parser().parse(text.substring(0, text.lastIndexOf("]}")) + "," + more + "]}");
  }

  private static byte[] encodeGenerically(Schema schema) throws IOException {
    GenericRecord event =
        new GenericRecordBuilder(schema)
            .set("runId", "run")
            .set("groupsBatched", 16L)
            .set("groupsDropped", 0L)
            .set("batches", 2L)
            .set("createdAt", NOW.toEpochMilli())
            .set("later", "something")
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0xC3);
    bytes.write(1);
    bytes.write(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(EventCodec.fingerprint(schema))
            .array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
    return bytes.toByteArray();
  }

  private static Rollout rollout() {
    List<Segment> segments =
        List.of(
            Segment.newBuilder()
                .setRole("text")
                .setText("1+1?")
                .setTokens(PackedArrays.ints(new int[] {7, 16, 7}))
                .build(),
            Segment.newBuilder()
                .setRole("assistant")
                .setText("2")
                .setTokens(PackedArrays.ints(new int[] {8, 1}))
                .setTrained(PackedArrays.mask(2, true))
                .setLogprobs(PackedArrays.floats(new float[] {-0.25f, -1e-3f}))
                .build());
    return Rollout.newBuilder()
        .setRunId("run")
        .setGroupId("run/t0")
        .setArm("AB")
        .setIndex(3)
        .setPurpose(Purpose.TRAIN)
        .setSegments(segments)
        .setFinishReason(FinishReason.STOP)
        .setPolicy(PolicyStamp.newBuilder().setModel("seed").setVersion(4).build())
        .setColumns(Map.of("source", "made"))
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(NOW)
        .setCreatedAt(NOW)
        .build();
  }

  private static byte[] toArray(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
