package io.urteil.chat;

import io.urteil.text.OriginText;
import java.util.regex.Pattern;

/**
 * Text of questions and candidates on its way to a server whose tokenizer is not known here. Many
 * servers turn {@code <|im_end|>} inside a message into the control token, so a candidate could
 * close the judge's prompt. A word joiner (U+2060) behind the first sign of whatever control tokens
 * are spelt with keeps it text; the template's own wording is left alone.
 */
final class ControlTokenEscaping {

  private static final char WORD_JOINER = '\u2060';

  /** What control tokens of the known model families begin with, and the tags judges answer in. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "<(?=[|\uFF5C]|/?(?:think|answer|tool_call|tool_response|s|unk|pad|bos|eos|start_of_turn"
              + "|end_of_turn|score[^>\\s]*)>|<SYS>>|</SYS>>)|\\[(?=/?INST\\])");

  private ControlTokenEscaping() {}

  /** A message's content as one text that a server may be given. */
  static String of(OriginText content) {
    StringBuilder text = new StringBuilder();
    StringBuilder foreign = new StringBuilder();
    for (OriginText.Run run : content.runs()) {
      if (run.origin().isTrusted()) {
        text.append(harmless(foreign)).append(run.text());
        foreign.setLength(0);
      } else {
        // Two candidates side by side must not spell together what neither spells alone.
        foreign.append(run.text());
      }
    }
    return text.append(harmless(foreign)).toString();
  }

  static String harmless(CharSequence text) {
    return CONTROL.matcher(text).replaceAll("$0" + WORD_JOINER);
  }
}
