package io.urteil.prompt;

import io.urteil.model.chat.ChatMessage;
import java.util.List;
import java.util.stream.Collectors;

/** Renders the conversation before an answer for a judge prompt. Pure. */
public final class Conversation {

  private Conversation() {}

  /** The text of a single message; for several, a transcript with a role line before each. */
  public static String text(List<ChatMessage> messages) {
    return messages.size() == 1
        ? messages.getFirst().text()
        : messages.stream()
            .map(message -> message.role() + ":\n" + message.text())
            .collect(Collectors.joining("\n\n"));
  }
}
