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
          String.join(
              "|",
              // <|im_end|>, <|turn>, <turn|>
              "<(?=[|\uFF5C]|/?[\\w:.-]{1,40}[|\uFF5C]>)",
              "<(?=/?(?:think|answer|tools?|tool_calls?|tool_response|role|system|user|assistant"
                  + "|score[^>\\s]*)>)",
              "<(?=/?(?:s|unk|pad|bos|eos|sep|cls|mask|sop|eop|eoa|eoh|eot|eod|image|audio|video"
                  + "|BOS_TOKEN|EOS_TOKEN|[a-z]+_of_[a-z_]+|image_soft_token|(?:SPECIAL_|extra_id_"
                  + "|reserved_|unused)\\d+)>)",
              // <seed:bos>
              "<(?=/?[a-z]{2,12}:[a-z_]{2,20}>)",
              "<(?=<SYS>>|</SYS>>)",
              "\\[(?=/?(?:INST|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|AVAILABLE_TOOLS|SYSTEM_PROMPT"
                  + "|MODEL_SETTINGS|THINK|ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|AUDIO|[gs]?MASK|CLS"
                  + "|SEP|PAD|UNK|BOS|EOS)\\])",
              // [|assistant|]
              "\\[(?=\\|[a-z]+\\|\\])",
              // ]~b] and [e~[
              "\\](?=~!?b[\\[\\]])",
              "\\[(?=e~\\[)"));

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
