package io.urteil.bench.siege;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Replaces one value of an Avro record by an extreme one. Not thread-safe. */
final class FieldMutation {

  private static final long[] INTEGERS = {
    Long.MIN_VALUE, Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE, 1L << 62, Long.MAX_VALUE
  };
  private static final double[] NUMBERS = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_VALUE,
    -0.0
  };
  private static final String[] TEXTS = {
    "",
    "\0",
    "..",
    "../../../etc/passwd",
    "http://127.0.0.1:1/x",
    "not a uri",
    "%s%n%d",
    "\u202Egnp.exe",
    "\uD83D",
    "'; --",
    "NaN",
    "\n\n"
  };

  private final RandomGenerator random;
  private final int hugeBytes;

  /**
   * @param hugeBytes length of a huge text; 0 for extreme values without one
   */
  FieldMutation(RandomGenerator random, int hugeBytes) {
    this.random = random;
    this.hugeBytes = hugeBytes;
  }

  /** Changes a random value, at any depth. */
  void apply(GenericRecord record) {
    List<Schema.Field> fields = record.getSchema().getFields();
    Schema.Field field = fields.get(random.nextInt(fields.size()));
    record.put(field.pos(), changed(field.schema(), record.get(field.pos())));
  }

  private @Nullable Object changed(Schema schema, @Nullable Object value) {
    return switch (schema.getType()) {
      case UNION -> union(schema, value);
      case RECORD -> {
        GenericRecord inner =
            value instanceof GenericRecord known ? known : new GenericData.Record(schema);
        if (value instanceof GenericRecord) {
          apply(inner);
        }
        yield inner;
      }
      case ARRAY -> value instanceof Collection<?> known ? array(schema, known) : value;
      case MAP -> value instanceof Map<?, ?> known ? map(known) : value;
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(new byte[random.nextBoolean() ? 0 : random.nextInt(1 << 12)]);
      case INT -> (int) INTEGERS[random.nextInt(INTEGERS.length)];
      case LONG -> INTEGERS[random.nextInt(INTEGERS.length)];
      case FLOAT -> (float) NUMBERS[random.nextInt(NUMBERS.length)];
      case DOUBLE -> NUMBERS[random.nextInt(NUMBERS.length)];
      case BOOLEAN -> random.nextBoolean();
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      default -> value;
    };
  }

  private @Nullable Object union(Schema schema, @Nullable Object value) {
    Schema inner = schema.getTypes().getLast();
    boolean isNull = value == null;
    if (isNull && (inner.getType() == Schema.Type.RECORD || inner.getType() == Schema.Type.ARRAY)) {
      return value;
    }
    return !isNull && random.nextInt(4) == 0 ? null : changed(inner, value);
  }

  private List<@Nullable Object> array(Schema schema, Collection<?> value) {
    List<@Nullable Object> changed = new ArrayList<>(value);
    switch (random.nextInt(3)) {
      case 0 -> changed.clear();
      case 1 -> {
        if (!changed.isEmpty()) {
          @Nullable Object repeated = changed.getFirst();
          for (int i = random.nextInt(20_000); i > 0; i--) {
            changed.add(repeated);
          }
        }
      }
      default -> {
        if (!changed.isEmpty()) {
          int at = random.nextInt(changed.size());
          changed.set(at, changed(schema.getElementType(), changed.get(at)));
        }
      }
    }
    return changed;
  }

  private Map<String, @Nullable Object> map(Map<?, ?> value) {
    Map<String, @Nullable Object> changed = new HashMap<>();
    value.forEach((key, entry) -> changed.put(String.valueOf(key), entry));
    if (changed.values().stream().allMatch(String.class::isInstance)) {
      changed.put(text(), text());
    }
    return changed;
  }

  private String text() {
    return hugeBytes > 0
        ? "x".repeat(hugeBytes)
        : random.nextInt(8) == 0
            ? "é".repeat(random.nextInt(40_000))
            : TEXTS[random.nextInt(TEXTS.length)];
  }
}
