package io.urteil.local.view;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** Formats numbers for the view; {@code -} for an unknown one. */
final class NumberFormats {

  private NumberFormats() {}

  static String decimal(OptionalDouble value, int digits) {
    return value.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble());
  }

  /** A rate, with two digits after the point below 10. */
  static String rate(OptionalDouble value) {
    return decimal(value, value.orElse(0) < 10 ? 2 : 0);
  }

  static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  static String time(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
