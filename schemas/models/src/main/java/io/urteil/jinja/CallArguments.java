package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call of a filter, test, method or function, the line of the call, and the
 * budget that its work is charged to.
 */
record CallArguments(List<Object> positional, Map<String, Object> named, int line, Budget budget) {

  static final Object ABSENT = new Object();

  int size() {
    return positional.size();
  }

  /** The argument at an index or with a name, or the default. */
  Object get(int place, String name, Object byDefault) {
    if (place < positional.size()) {
      return positional.get(place);
    }
    return named.getOrDefault(name, byDefault);
  }

  Object required(int place, String name) {
    Object value = get(place, name, ABSENT);
    if (value == ABSENT) {
      throw TemplateException.at(line, "argument '%s': missing".formatted(name));
    }
    return value;
  }

  OriginText text(int place, String name) {
    Object value = required(place, name);
    if (value instanceof OriginText text) {
      return text;
    }
    throw TemplateException.at(
        line, "argument '%s': %s (expected: a string)".formatted(name, Values.kind(value)));
  }

  long whole(int place, String name, long byDefault) {
    Object value = get(place, name, byDefault);
    if (value instanceof Long number) {
      return number;
    }
    throw TemplateException.at(
        line, "argument '%s': %s (expected: a whole number)".formatted(name, Values.kind(value)));
  }
}
