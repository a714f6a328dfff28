package io.urteil.judges.answer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares answers as text; ignores case, white space, quotes, emphasis and a final full stop. */
final class TextComparison implements AnswerComparison {

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern WRAPPING = Pattern.compile("^[\"'`*$\\s]+|[\"'`*$.\\s]+$");

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

  private static String plain(String answer) {
    String unwrapped = WRAPPING.matcher(answer).replaceAll("");
    return SPACE.matcher(unwrapped).replaceAll(" ").toLowerCase(Locale.ROOT);
  }
}
