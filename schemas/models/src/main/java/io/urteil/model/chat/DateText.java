package io.urteil.model.chat;

import io.urteil.jinja.TemplateException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats dates by the patterns of C's strftime, in English. */
final class DateText {

  private DateText() {}

  static String of(LocalDate date, String pattern) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        text.append(c);
        continue;
      }
      boolean unpadded = pattern.charAt(i + 1) == '-' && i + 2 < pattern.length();
      i += unpadded ? 2 : 1;
      text.append(field(date, pattern.charAt(i), unpadded));
    }
    return text.toString();
  }

  private static String field(LocalDate date, char field, boolean unpadded) {
    return switch (field) {
      case '%' -> "%";
      case 'd' -> by(date, unpadded ? "d" : "dd");
      case 'm' -> by(date, unpadded ? "M" : "MM");
      case 'y' -> by(date, "yy");
      case 'Y' -> by(date, "yyyy");
      case 'b', 'h' -> by(date, "MMM");
      case 'B' -> by(date, "MMMM");
      case 'a' -> by(date, "EEE");
      case 'A' -> by(date, "EEEE");
      case 'j' -> by(date, unpadded ? "D" : "DDD");
      case 'F' -> by(date, "yyyy-MM-dd");
      case 'H', 'M', 'S' -> unpadded ? "0" : "00";
      default ->
          throw new TemplateException(
              "strftime_now: '%%%s' (expected: a date field)".formatted(field));
    };
  }

  private static String by(LocalDate date, String pattern) {
    return date.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }
}
