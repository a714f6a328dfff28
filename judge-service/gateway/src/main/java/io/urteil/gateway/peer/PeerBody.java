package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.SubmittedMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of contracts whose clients add fields from version to version: fields that the
 * gateway does not need are ignored, the others are checked. Pure.
 */
final class PeerBody {

  private PeerBody() {}

  /** The body, an object. */
  static JsonNode object(@Nullable JsonNode body) {
    if (body == null || !body.isObject()) {
      throw invalid("body", body, "a JSON object");
    }
    return body;
  }

  /** A required text. */
  static String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual()) {
      throw invalid(field, value, "a text");
    }
    return value.asText();
  }

  /** A text, number or boolean as text; null if it is absent or null. */
  static @Nullable String label(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /** A text, or a list of texts. */
  static List<String> texts(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isTextual()) {
      return List.of(value.asText());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        throw invalid(field, value, "a text or a list of texts");
      }
      texts.add(each.asText());
    }
    if (!value.isArray()) {
      throw invalid(field, value, "a text or a list of texts");
    }
    return texts;
  }

  /** A prompt: a text, or a list of chat messages. */
  static List<SubmittedMessage> prompt(JsonNode value, String field) {
    if (value.isTextual()) {
      return List.of(new SubmittedMessage("user", value.asText()));
    }
    if (!value.isArray()) {
      throw invalid(field, value, "a text or a list of messages");
    }
    List<SubmittedMessage> messages = new ArrayList<>();
    for (JsonNode message : value) {
      messages.add(
          new SubmittedMessage(role(message.path("role").asText("")), content(message, field)));
    }
    return messages;
  }

  private static String role(String role) {
    return role.equals("developer") ? "system" : role;
  }

  /** The text of a message: its content, or the text parts of its content. */
  static String content(JsonNode message, String field) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    if (content.isNull()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw invalid(field + ".content", part.path("type"), "parts with text only");
      }
      text.append(part.path("text").asText());
    }
    if (!content.isArray()) {
      throw invalid(field + ".content", content, "a text or a list of parts");
    }
    return text.toString();
  }

  static RefusedException invalid(String field, @Nullable JsonNode found, String expected) {
    String shown =
        found == null || found.isMissingNode()
            ? "missing"
            : found.isValueNode()
                ? found.toString()
                : found.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    return new RefusedException(
        new Refusal.Invalid(
            "%s: %s (expected: %s)"
                .formatted(
                    field,
                    shown.length() > 60 ? shown.substring(0, 57) + "..." : shown,
                    expected)));
  }
}
