package io.urteil.prompt;

import io.urteil.model.chat.ChatMessage;
import java.util.List;
import java.util.stream.Collectors;

/** How a judge is shown what stands before an answer. */
public final class Conversation {

  private Conversation() {}

  /** The text of a single message; of several a transcript in which each stands below its role. */
  public static String text(List<ChatMessage> messages) {
    return messages.size() == 1
        ? messages.getFirst().text()
        : messages.stream()
            .map(message -> message.role() + ":\n" + message.text())
            .collect(Collectors.joining("\n\n"));
  }
}
