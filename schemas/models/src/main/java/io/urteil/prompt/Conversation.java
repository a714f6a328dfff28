package io.urteil.prompt;

import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.frame.Headings;
import java.util.List;
import java.util.stream.Collectors;

/** Renders the conversation before an answer for a judge prompt. Pure. */
public final class Conversation {

  private Conversation() {}

  /**
   * The text of a single message; for several, a transcript with a role line before each. A line of
   * a message that repeats a role line is quoted.
   */
  public static String text(List<ChatMessage> messages) {
    if (messages.size() == 1) {
      return messages.getFirst().text();
    }
    Headings roles = Headings.of(messages.stream().map(Conversation::roleLine).toList());
    return messages.stream()
        .map(message -> roleLine(message) + "\n" + roles.quoted(message.text()))
        .collect(Collectors.joining("\n\n"));
  }

  private static String roleLine(ChatMessage message) {
    return message.role() + ":";
  }
}
