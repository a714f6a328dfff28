package io.urteil.prompt.frame;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The headings of a prompt: its lines without a placeholder. A line of a text that repeats one is
 * quoted by {@value #QUOTE} before it, so no text contains a line of the prompt. The first sign,
 * the letters and the digits decide, without case, compatible forms, numbers and single letters:
 * {@code [assistant 3's answer]} repeats {@code [Assistant 1's Answer]}. Immutable.
 */
public final class Headings {

  /** Stands before a quoted line. */
  public static final String QUOTE = "> ";

  /** Skeletons of fewer characters are words of ordinary text. */
  private static final int SHORTEST = 4;

  private final Set<String> complete;
  private final Set<String> opening;

  private Headings(Set<String> complete, Set<String> opening) {
    this.complete = complete;
    this.opening = opening;
  }

  /**
   * The headings among the lines of a prompt.
   *
   * @param lines without placeholders
   */
  public static Headings of(List<String> lines) {
    Set<String> complete = new HashSet<>();
    Set<String> opening = new HashSet<>();
    for (String line : lines) {
      String skeleton = skeleton(line);
      if (skeleton.length() >= SHORTEST) {
        complete.add(sign(line) + skeleton);
        if (!sign(line).isEmpty()) {
          opening.add(sign(line) + skeleton + " ");
        }
      }
    }
    return new Headings(Set.copyOf(complete), Set.copyOf(opening));
  }

  /** The sign before the words of a heading, such as a bracket; text may follow such a heading. */
  private static String sign(String line) {
    return line.codePoints()
        .filter(c -> !Character.isWhitespace(c) && !isInvisible(c))
        .limit(1)
        .filter(c -> !Character.isLetterOrDigit(c))
        .mapToObj(Character::toString)
        .findFirst()
        .orElse("");
  }

  /** The text with a quote before each line that repeats a heading. */
  public String quoted(String text) {
    if (complete.isEmpty()) {
      return text;
    }
    StringBuilder quoted = null;
    int kept = 0;
    int start = 0;
    for (int end = 0; end <= text.length(); end++) {
      if (end < text.length() && !endsLine(text.charAt(end))) {
        continue;
      }
      if (repeats(text.substring(start, end))) {
        quoted = quoted == null ? new StringBuilder() : quoted;
        quoted.append(text, kept, start).append(QUOTE);
        kept = start;
      }
      start = end + 1;
    }
    return quoted == null ? text : quoted.append(text, kept, text.length()).toString();
  }

  private boolean repeats(String line) {
    String skeleton = sign(line) + skeleton(line);
    return complete.contains(skeleton) || opening.stream().anyMatch(skeleton::startsWith);
  }

  private static boolean endsLine(char c) {
    return c >= '\n' && c <= '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /** Letters in one case and form; numbers and single letters are one digit. */
  private static String skeleton(String line) {
    String plain = Normalizer.normalize(line, Normalizer.Form.NFKD);
    StringBuilder words = new StringBuilder();
    plain
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK && !isInvisible(c))
        .forEach(c -> words.appendCodePoint(Character.isLetterOrDigit(c) ? c : ' '));
    return words.toString().toLowerCase(Locale.ROOT).strip().transform(Headings::words);
  }

  private static String words(String text) {
    return text.isEmpty()
        ? ""
        : List.of(text.split(" +")).stream()
            .map(word -> word.length() == 1 || isNumber(word) ? "0" : word)
            .collect(Collectors.joining(" "));
  }

  private static boolean isNumber(String word) {
    return word.chars().allMatch(Character::isDigit);
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return !Character.isWhitespace(c) && (type == Character.FORMAT || type == Character.CONTROL);
  }
}
