package io.urteil.reward.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses references that consist of numbers. */
final class StructuredReferences {

  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(?:\\.\\d+)?");
  private static final Pattern SIGNED = Pattern.compile("[-+]?\\d{1,6}");

  private StructuredReferences() {}

  /** Two scores, as in {@code 7,3} or {@code 7 3}. */
  static Optional<double[]> scores(@Nullable String reference) {
    List<Double> numbers = new ArrayList<>();
    Matcher matcher = NUMBER.matcher(reference == null ? "" : reference);
    while (matcher.find()) {
      numbers.add(Double.parseDouble(matcher.group()));
    }
    return numbers.size() == 2
        ? Optional.of(new double[] {numbers.get(0), numbers.get(1)})
        : Optional.empty();
  }

  /** A strength with its side: below 0 the first response is better, above 0 the second. */
  static OptionalInt strength(@Nullable String reference) {
    String text = reference == null ? "" : reference.strip();
    return SIGNED.matcher(text).matches()
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  /** The better side, {@code A} or {@code B}, also of a strength. */
  static Optional<String> side(@Nullable String reference) {
    OptionalInt strength = strength(reference);
    if (strength.isPresent()) {
      return strength.getAsInt() == 0
          ? Optional.empty()
          : Optional.of(strength.getAsInt() < 0 ? "A" : "B");
    }
    return Optional.ofNullable(reference)
        .map(String::strip)
        .filter(side -> side.equals("A") || side.equals("B"));
  }
}
