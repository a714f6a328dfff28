package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.text.Origin;
import io.urteil.text.OriginText;

/**
 * One message of a conversation or of a judge prompt.
 *
 * @param role system, user, assistant or tool; the template decides what it takes
 * @param content what it says, and where each character came from; only trusted text may spell
 *     control tokens
 */
public record ChatMessage(String role, OriginText content) {

  public ChatMessage {
    requireNonNull(role, "role");
    requireNonNull(content, "content");
  }

  /** A message that somebody else wrote: none of it may spell control tokens. */
  public static ChatMessage of(String role, String content) {
    return new ChatMessage(role, OriginText.of(content, Origin.MESSAGE));
  }

  /** The content without its origins. */
  public String text() {
    return content.toString();
  }
}
