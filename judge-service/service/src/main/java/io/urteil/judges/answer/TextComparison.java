package io.urteil.judges.answer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares answers as text; ignores case, white space, quotes, emphasis and a final full stop. */
final class TextComparison implements AnswerComparison {

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final String SEPARATORS = "\u0085\u2028\u2029";
  private static final String WRAPPING = "\"'`*$";

  @Override
  public String name() {
    return "text";
  }

  @Override
  public Optional<String> unstated(String text) {
    String only = text.strip();
    return only.isEmpty() || only.indexOf('\n') >= 0 ? Optional.empty() : Optional.of(only);
  }

  @Override
  public boolean canRead(String answer) {
    return !plain(answer).isEmpty();
  }

  @Override
  public boolean equal(String answer, String reference) {
    return plain(answer).equals(plain(reference));
  }

  static String plain(String answer) {
    // By hand: a pattern that ends with $ tries every start, which takes the square of the length.
    // As in a pattern, the end is before a final line separator that is not in SPACE.
    int last = answer.length() - (endsWithSeparator(answer) ? 1 : 0);
    int start = 0;
    int end = last;
    while (start < end && wraps(answer.charAt(start))) {
      start++;
    }
    while (start < end && (wraps(answer.charAt(end - 1)) || answer.charAt(end - 1) == '.')) {
      end--;
    }
    String unwrapped = answer.substring(start, end) + answer.substring(last);
    return SPACE.matcher(unwrapped).replaceAll(" ").toLowerCase(Locale.ROOT);
  }

  private static boolean endsWithSeparator(String answer) {
    return !answer.isEmpty() && SEPARATORS.indexOf(answer.charAt(answer.length() - 1)) >= 0;
  }

  /** Quotes, emphasis, and the white space of SPACE. */
  private static boolean wraps(char c) {
    return WRAPPING.indexOf(c) >= 0 || c == ' ' || (c >= '\t' && c <= '\r');
  }
}
