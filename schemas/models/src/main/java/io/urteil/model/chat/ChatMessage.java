package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One message of a conversation.
 *
 * @param role system, user, assistant or tool; the template decides what it takes
 * @param content in order; what a policy wrote belongs into plain pieces. The pieces' own message
 *     numbers are ignored.
 */
public record ChatMessage(String role, List<PromptPiece> content) {

  public ChatMessage {
    requireNonNull(role, "role");
    content = List.copyOf(content);
  }

  /** A message whose whole content is plain text. */
  public static ChatMessage of(String role, String content) {
    return new ChatMessage(role, List.of(PromptPiece.plain(content)));
  }

  /** The content without its marks. */
  public String text() {
    return content.stream().map(PromptPiece::text).collect(Collectors.joining());
  }
}
