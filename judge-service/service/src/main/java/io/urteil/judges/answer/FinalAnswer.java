package io.urteil.judges.answer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extracts the marked answer of a text: after {@code ####}, inside {@code \boxed{}}, after "the
 * answer is", or after "A:" or "Answer:" at the start of a line. The last marker counts.
 */
final class FinalAnswer {

  private static final Pattern STATED =
      Pattern.compile(
          "(?<!#)####(?!#)|\\banswer is\\b:?|(?m:^)[ \\t*]*(?:final )?(?:answer|A)[ *]*:",
          Pattern.CASE_INSENSITIVE);

  private FinalAnswer() {}

  /** The marked answer, up to the end of its line or box; empty without a marker. */
  static Optional<String> stated(String text) {
    int from = lastEnd(STATED, text);
    int boxedFrom = lastEnd(Boxes.OPEN, text);
    if (boxedFrom > from) {
      return nonBlank(text.substring(boxedFrom, closingBrace(text, boxedFrom)));
    }
    if (from < 0) {
      return Optional.empty();
    }
    String rest = text.substring(from).strip();
    int lineEnd = rest.indexOf('\n');
    return nonBlank(lineEnd < 0 ? rest : rest.substring(0, lineEnd));
  }

  private static int lastEnd(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int end = -1;
    while (matcher.find()) {
      end = matcher.end();
    }
    return end;
  }

  /** The position of the brace that closes a group; the end of the text without it. */
  static int closingBrace(String text, int from) {
    int depth = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        // An escaped brace opens and closes nothing.
        i++;
        continue;
      }
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return text.length();
  }

  private static Optional<String> nonBlank(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
  }
}
