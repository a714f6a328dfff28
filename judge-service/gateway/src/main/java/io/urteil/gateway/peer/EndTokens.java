package io.urteil.gateway.peer;

import java.util.List;

/** Removes the tokens that end a turn from a decoded text, for clients that keep them. Pure. */
final class EndTokens {

  private static final List<String> TOKENS =
      List.of(
          "</s>",
          "<eos>",
          "<|endoftext|>",
          "<|im_end|>",
          "<|eot_id|>",
          "<|end_of_text|>",
          "<end_of_turn>",
          "<|end|>",
          "<|return|>",
          "<pad>",
          "<|pad|>");

  private EndTokens() {}

  /** The text without such tokens at its end, and without the white space around them. */
  static String removed(String text) {
    int kept = text.length();
    int end = withoutBlanks(text, kept);
    for (int length = tokenBefore(text, end); length > 0; length = tokenBefore(text, end)) {
      end = withoutBlanks(text, end - length);
      kept = end;
    }
    return text.substring(0, kept);
  }

  private static int withoutBlanks(String text, int end) {
    int at = end;
    while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** Length of the token that ends there; 0 without one. */
  private static int tokenBefore(String text, int end) {
    for (String token : TOKENS) {
      if (text.startsWith(token, end - token.length())) {
        return token.length();
      }
    }
    return 0;
  }
}
