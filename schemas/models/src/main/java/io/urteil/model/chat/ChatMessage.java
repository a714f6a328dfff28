package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.text.Origin;
import io.urteil.text.OriginText;

/**
 * One message of a conversation or of a judge prompt.
 *
 * @param role system, user, assistant or tool; the template defines the allowed ones
 * @param content the text with the origin of each character; only trusted text may contain control
 *     tokens
 */
public record ChatMessage(String role, OriginText content) {

  public ChatMessage {
    requireNonNull(role, "role");
    requireNonNull(content, "content");
  }

  /** An untrusted message: its text never becomes control tokens. */
  public static ChatMessage of(String role, String content) {
    return new ChatMessage(role, OriginText.of(content, Origin.MESSAGE));
  }

  /** The content without its origins. */
  public String text() {
    return content.toString();
  }
}
