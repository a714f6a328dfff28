package io.urteil.pair;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.Conversation;
import java.util.ArrayList;
import java.util.List;

/**
 * The common format of data sets for preference optimisation: {@code prompt}, {@code chosen} and
 * {@code rejected}, each a text or a list of messages.
 *
 * @param question the prompt; for several messages a transcript
 * @param chosen the better answer
 * @param rejected the worse answer
 */
record PreferenceForm(String question, String chosen, String rejected) {

  /**
   * Parses an object.
   *
   * @throws PairFormatException with the invalid field
   */
  static PreferenceForm read(JsonNode object) {
    JsonNode chosen = object.path("chosen");
    JsonNode rejected = object.path("rejected");
    if (chosen.isArray() != rejected.isArray()) {
      throw PairFormatException.of(
          "rejected", PairReader.shown(rejected), "of the same form as chosen");
    }
    return chosen.isArray()
        ? ofMessages(object, messages(object, "chosen"), messages(object, "rejected"))
        : new PreferenceForm(
            prompt(object), PairReader.text(object, "chosen"), PairReader.text(object, "rejected"));
  }

  private static PreferenceForm ofMessages(
      JsonNode object, List<ChatMessage> chosen, List<ChatMessage> rejected) {
    int shared = 0;
    while (shared < Math.min(chosen.size(), rejected.size()) - 1
        && chosen.get(shared).equals(rejected.get(shared))) {
      shared++;
    }
    String better = answer("chosen", chosen, shared);
    String worse = answer("rejected", rejected, shared);
    List<ChatMessage> before = chosen.subList(0, shared);
    if (!object.hasNonNull("prompt")) {
      if (before.isEmpty()) {
        throw PairFormatException.of(
            "prompt", "missing", "a prompt, or chosen and rejected that begin with the same one");
      }
      return new PreferenceForm(Conversation.text(before), better, worse);
    }
    if (before.isEmpty()) {
      return new PreferenceForm(prompt(object), better, worse);
    }
    requireSame(object.path("prompt"), prompt(object), before);
    return new PreferenceForm(Conversation.text(before), better, worse);
  }

  /** Requires that the prompt equals the shared messages of the answers. */
  private static void requireSame(JsonNode node, String prompt, List<ChatMessage> before) {
    boolean same =
        Conversation.text(before).equals(prompt)
            || before.getLast().role().equals("user") && before.getLast().text().equals(prompt);
    if (!same) {
      throw PairFormatException.of(
          "prompt", PairReader.shown(node), "the messages that chosen and rejected begin with");
    }
  }

  private static String answer(String field, List<ChatMessage> messages, int shared) {
    ChatMessage last = messages.getLast();
    if (messages.size() != shared + 1 || !last.role().equals("assistant")) {
      throw PairFormatException.of(
          field,
          "messages of the roles "
              + messages.subList(shared, messages.size()).stream().map(ChatMessage::role).toList(),
          "one message of the role assistant after those that chosen and rejected share");
    }
    return last.text();
  }

  /** A text, or a list of messages as a transcript. */
  static String conversation(JsonNode object, String field) {
    return object.path(field).isArray()
        ? Conversation.text(messages(object, field))
        : PairReader.text(object, field);
  }

  private static String prompt(JsonNode object) {
    return conversation(object, "prompt");
  }

  private static List<ChatMessage> messages(JsonNode object, String field) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : object.path(field)) {
      if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
        throw PairFormatException.of(
            "%s[%d]".formatted(field, messages.size()),
            PairReader.shown(message),
            "a message with the texts role and content");
      }
      messages.add(ChatMessage.of(message.path("role").asText(), message.path("content").asText()));
    }
    if (messages.isEmpty()) {
      throw PairFormatException.of(field, "[]", "at least one message");
    }
    return messages;
  }
}
