package io.urteil.prompt.sentence;

import java.util.List;

/** Marks around a verdict that mean nothing: end tokens, emphasis, white space, punctuation. */
public final class Marks {

  /** Tokens that a server leaves at the end of a text. */
  private static final List<String> END_TOKENS =
      List.of(
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<|end|>",
          "<|return|>",
          "<|endofturn|>",
          "<|END_OF_TURN_TOKEN|>",
          "<end_of_turn>",
          "<\uff5cend\u2581of\u2581sentence\uff5c>",
          "<eos>",
          "</s>",
          "[END]",
          "[EOS]");

  private static final String SPACES = "\ufeff\u200b\u200c\u2060";

  private static final int MAX_END_TOKENS = 20;

  private Marks() {}

  /** White space, also beyond what Java takes for it, such as a byte order mark. */
  public static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || SPACES.indexOf(c) >= 0;
  }

  /** The text without white space at both ends and without end tokens. */
  public static String stripped(String text) {
    String rest = withoutSpace(text);
    for (int i = 0; i < MAX_END_TOKENS; i++) {
      String before = rest;
      for (String token : END_TOKENS) {
        if (rest.endsWith(token)) {
          rest = withoutSpace(rest.substring(0, rest.length() - token.length()));
        }
      }
      if (rest.equals(before)) {
        return rest;
      }
    }
    return rest;
  }

  private static String withoutSpace(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The text without emphasis: asterisks, backquotes, and underscores outside of words. */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inWord =
          i > 0
              && i + 1 < text.length()
              && Character.isLetterOrDigit(text.charAt(i - 1))
              && Character.isLetterOrDigit(text.charAt(i + 1));
      if (c != '*' && c != '`' && !(c == '_' && !inWord)) {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
