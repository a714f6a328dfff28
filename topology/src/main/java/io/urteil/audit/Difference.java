package io.urteil.audit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The first difference of two events.
 *
 * @param path path of the field, such as {@code groups[1].members[0].advantage}
 * @param found value in the first event
 * @param expected value in the second event
 */
public record Difference(String path, String found, String expected) {

  private static final int SHOWN = 200;

  /**
   * Compares two events of one class, field by field in schema order.
   *
   * @param ignored names of fields that may differ, at any depth
   */
  public static Optional<Difference> between(
      SpecificRecord found, SpecificRecord expected, Set<String> ignored) {
    return Optional.ofNullable(between("", found, expected, ignored));
  }

  private static @Nullable Difference between(
      String path, @Nullable Object found, @Nullable Object expected, Set<String> ignored) {
    if (found instanceof SpecificRecord left && expected instanceof SpecificRecord right) {
      for (Schema.Field field : left.getSchema().getFields()) {
        if (!ignored.contains(field.name())) {
          Difference difference =
              between(
                  path.isEmpty() ? field.name() : path + "." + field.name(),
                  left.get(field.pos()),
                  right.get(field.pos()),
                  ignored);
          if (difference != null) {
            return difference;
          }
        }
      }
      return null;
    }
    if (found instanceof List<?> left && expected instanceof List<?> right) {
      for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
        Difference difference = between(path + "[" + i + "]", left.get(i), right.get(i), ignored);
        if (difference != null) {
          return difference;
        }
      }
      return left.size() == right.size()
          ? null
          : new Difference(path + " (size)", "" + left.size(), "" + right.size());
    }
    if (found instanceof Map<?, ?> left && expected instanceof Map<?, ?> right) {
      Set<String> keys = new TreeSet<>();
      left.keySet().forEach(key -> keys.add(String.valueOf(key)));
      right.keySet().forEach(key -> keys.add(String.valueOf(key)));
      for (String key : keys) {
        Difference difference = between(path + "." + key, left.get(key), right.get(key), ignored);
        if (difference != null) {
          return difference;
        }
      }
      return null;
    }
    return Objects.equals(found, expected)
        ? null
        : new Difference(path, shown(found), shown(expected));
  }

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  @Override
  public String toString() {
    return "%s: %s (expected: %s)".formatted(path, found, expected);
  }
}
