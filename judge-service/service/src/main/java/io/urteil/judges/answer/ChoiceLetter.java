package io.urteil.judges.answer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The letter of a choice from A to H with the text of the choice, such as {@code \textbf{(C) }41}.
 *
 * @param letter in upper case
 * @param text what follows the letter; empty without it
 */
record ChoiceLetter(char letter, String text) {

  private static final int MAX_LENGTH = 500;
  private static final String FONT = "\\\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox)\\s?\\{";

  private static final Pattern CHOICE =
      Pattern.compile(
          "(?:[\\s$*`\"'{]|"
              + FONT
              + ")*+"
              + "(?i:(?:the )?(?:correct )?(?:option|choice|answer|letter)(?: is)?:? )?"
              + "(?:"
              + FONT
              + "|[$*])*+"
              + "(?:(?<marked>\\((?:"
              + FONT
              + ")?[A-Ha-h]\\}?\\)[.:]?|[A-Ha-h][.):](?=[\\s}$*]|\\\\[ ,;:!]))|(?<bare>[A-Ha-h]))"
              + "(?:[\\s}$*`\"'~]|\\\\[ ,;:!]|\\\\q?quad)*+"
              + "(?<text>.*)",
          Pattern.DOTALL);

  private static final Pattern HEDGE =
      Pattern.compile(
          "(?:\\b(?:or|and|not|nor)\\b|[,;/&]|\\A)[\\s,({$*]{0,9}(?:(?i:option|choice|answer)\\s)?\\(?[A-J]\\)?[^A-Za-z]*+\\z"
              + "|\\bunless\\b|\\belse\\b");

  /** The letter of a reference that is a choice: a capital, alone or in brackets. */
  static Optional<ChoiceLetter> reference(String reference) {
    return in(reference).filter(choice -> reference.indexOf(choice.letter) >= 0);
  }

  /** The choice that an answer is; empty for any other answer. */
  static Optional<ChoiceLetter> in(String answer) {
    if (answer.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = CHOICE.matcher(answer);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String marked = matcher.group("marked");
    String text = balanced(matcher.group("text").strip());
    boolean nothing = text.isEmpty() || text.equals(".");
    if ((marked == null && !nothing) || isHedged(text)) {
      return Optional.empty();
    }
    String letter =
        marked == null ? matcher.group("bare") : marked.replaceAll(".*([A-Ha-h])[^A-Ha-h]*", "$1");
    return Optional.of(
        new ChoiceLetter(letter.toUpperCase(Locale.ROOT).charAt(0), nothing ? "" : text));
  }

  /** Whether the text of a choice names another letter at its end, as in {@code (B) or E}. */
  static boolean isHedged(String text) {
    return HEDGE.matcher(text).find();
  }

  /** Without the closing braces of commands that begin before the text. */
  private static String balanced(String text) {
    long excess =
        text.chars().filter(c -> c == '}').count() - text.chars().filter(c -> c == '{').count();
    String rest = text;
    for (long i = 0; i < excess && (rest.endsWith("}") || rest.endsWith("$")); ) {
      i += rest.endsWith("}") ? 1 : 0;
      rest = rest.substring(0, rest.length() - 1).strip();
    }
    return rest;
  }

  /** Whether both are the same letter. */
  boolean sameAs(ChoiceLetter other) {
    return letter == other.letter;
  }
}
