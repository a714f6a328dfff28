package io.urteil.gateway.peer;

import java.util.regex.Pattern;

/** Removes the tokens that end a turn from a decoded text, for clients that keep them. Pure. */
final class EndTokens {

  private static final Pattern AT_THE_END =
      Pattern.compile(
          "(?:\\s*(?:</s>|<eos>|<\\|endoftext\\|>|<\\|im_end\\|>|<\\|eot_id\\|>|<\\|end_of_text\\|>"
              + "|<end_of_turn>|<\\|end\\|>|<\\|return\\|>|<pad>|<\\|pad\\|>))+\\s*$");

  private EndTokens() {}

  static String removed(String text) {
    return AT_THE_END.matcher(text).replaceFirst("");
  }
}
