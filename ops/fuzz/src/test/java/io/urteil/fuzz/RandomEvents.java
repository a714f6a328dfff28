package io.urteil.fuzz;

import io.urteil.event.EventCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Encoded events of every kind with random fields. */
final class RandomEvents {

  private static final int DEPTH_MAX = 5;

  private final Random random = new Random(1);

  /** A number of events of each kind; those that cannot be encoded are omitted. */
  List<byte[]> encoded(int ofEach) {
    EventCodec codec = new EventCodec();
    List<byte[]> events = new ArrayList<>();
    for (Schema schema : EventCodec.EVENTS) {
      for (int i = 0; i < ofEach; i++) {
        try {
          if (value(schema, 0) instanceof SpecificRecord event) {
            events.add(codec.encode(event));
          }
        } catch (RuntimeException e) {
          // A combination of fields that the event rejects.
        }
      }
    }
    return events;
  }

  private @Nullable Object value(Schema schema, int depth) {
    return switch (schema.getType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt(5);
      case LONG -> number(schema.getLogicalType());
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextGaussian();
      case STRING -> "s" + random.nextInt(5);
      case BYTES -> ByteBuffer.allocate(4 * random.nextInt(3));
      case ENUM ->
          SpecificData.get()
              .createEnum(
                  schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())),
                  schema);
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (int i = depth < DEPTH_MAX ? random.nextInt(3) : 0; i > 0; i--) {
          items.add(value(schema.getElementType(), depth + 1));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          map.put("k" + i, value(schema.getValueType(), depth + 1));
        }
        yield map;
      }
      case UNION ->
          value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), depth + 1);
      case RECORD -> {
        SpecificRecord event = (SpecificRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
          event.put(field.pos(), value(field.schema(), depth + 1));
        }
        yield event;
      }
      case NULL, FIXED -> null;
    };
  }

  private Object number(@Nullable LogicalType type) {
    return type == null
        ? (Object) (long) random.nextInt(100)
        : Instant.ofEpochMilli(1_790_000_000_000L);
  }
}
