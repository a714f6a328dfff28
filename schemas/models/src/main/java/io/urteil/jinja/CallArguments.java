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

  /**
   * Requires that the arguments fit a signature, as Python does.
   *
   * @param callee in messages
   * @param signature names of parameters in order: {@code ?} behind a name marks an optional one,
   *     {@code /} behind it one without a keyword, {@code *} stands for any further arguments
   */
  void check(String callee, List<String> signature) {
    int parameters = 0;
    for (String parameter : signature) {
      if (parameter.equals("*")) {
        return;
      }
      String name = parameter.replaceAll("[?/]", "");
      boolean positionally = parameters++ < positional.size();
      boolean byName = named.containsKey(name);
      if (byName && (positionally || parameter.contains("/"))) {
        throw refused(callee, "the keyword argument '%s'".formatted(name), signature);
      }
      if (!positionally && !byName && !parameter.contains("?")) {
        throw TemplateException.at(line, "argument '%s' of %s: missing".formatted(name, callee));
      }
    }
    if (positional.size() > parameters) {
      throw refused(callee, "%d arguments".formatted(positional.size()), signature);
    }
    for (String name : named.keySet()) {
      if (signature.stream().noneMatch(known -> known.replaceAll("[?/]", "").equals(name))) {
        throw refused(callee, "the keyword argument '%s'".formatted(name), signature);
      }
    }
  }

  private TemplateException refused(String callee, String what, List<String> signature) {
    return TemplateException.at(
        line,
        "%s does not take %s (expected: %s)"
            .formatted(
                callee,
                what,
                signature.isEmpty()
                    ? "no arguments"
                    : String.join(", ", signature).replaceAll("[?/]", "")));
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

  boolean isTrue(int place, String name) {
    return Values.isTrue(get(place, name, false));
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
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1 : 0;
      default ->
          throw TemplateException.at(
              line,
              "argument '%s': %s (expected: a whole number)".formatted(name, Values.kind(value)));
    };
  }
}
