package io.urteil.chat;

import io.urteil.text.OriginText;
import java.util.regex.Pattern;

/**
 * Escapes control tokens in untrusted text for a server with an unknown tokenizer. Many servers
 * encode {@code <|im_end|>} inside a message as the control token, so a candidate could end the
 * judge's prompt. A word joiner (U+2060) after the first character of a control token prevents
 * this. Trusted text is not changed. Pure.
 */
public final class ControlTokenEscaping {

  private static final char WORD_JOINER = '\u2060';

  /** Starts of control tokens of known model families, and of the tags of verdict formats. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "<(?=[|\uFF5C]|/?(?:think|answer|tool_call|tool_response|s|unk|pad|bos|eos|start_of_turn"
              + "|end_of_turn|score[^>\\s]*)>|<SYS>>|</SYS>>)|\\[(?=/?INST\\])");

  private ControlTokenEscaping() {}

  /** The content of a message with escaped untrusted text. */
  static String of(OriginText content) {
    StringBuilder text = new StringBuilder();
    StringBuilder untrusted = new StringBuilder();
    for (OriginText.Run run : content.runs()) {
      if (run.origin().isTrusted()) {
        text.append(escaped(untrusted)).append(run.text());
        untrusted.setLength(0);
      } else {
        // Adjacent candidates must not form a control token together.
        untrusted.append(run.text());
      }
    }
    return text.append(escaped(untrusted)).toString();
  }

  /** Untrusted text with escaped control tokens. */
  public static String escaped(CharSequence text) {
    return CONTROL.matcher(text).replaceAll("$0" + WORD_JOINER);
  }
}
