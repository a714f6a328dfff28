package io.urteil.sampler;

import io.urteil.event.Message;
import io.urteil.event.PromptArm;
import io.urteil.event.TextOrigin;
import io.urteil.event.TextSpan;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.List;

/** Prompts as events carry them, the origin of their text included. Pure. */
public final class PromptMessages {

  private PromptMessages() {}

  /** An arm's messages and prefix, from a judge prompt that was filled in. */
  public static PromptArm.Builder arm(RenderedPrompt prompt) {
    return PromptArm.newBuilder()
        .setMessages(prompt.messages().stream().map(PromptMessages::message).toList())
        .setPrefix(prompt.prefix());
  }

  private static Message message(ChatMessage message) {
    OriginText content = message.content().wellFormed();
    List<TextSpan> untrusted = new ArrayList<>();
    int at = 0;
    for (OriginText.Run run : content.runs()) {
      int end = at + run.text().codePointCount(0, run.text().length());
      if (!run.origin().isTrusted()) {
        untrusted.add(new TextSpan(at, end, origin(run.origin())));
      }
      at = end;
    }
    return new Message(message.role(), content.toString(), untrusted);
  }

  /**
   * The prompt of an arm. Where a message does not say which of its text is untrusted, all of a
   * chat message is, and nothing of a raw text.
   *
   * @throws IllegalArgumentException when a message's untrusted stretches are out of order or do
   *     not lie within it
   */
  static RenderedPrompt prompt(PromptArm arm) {
    return new RenderedPrompt(
        arm.getMessages().stream().map(PromptMessages::message).toList(), arm.getPrefix());
  }

  private static ChatMessage message(Message message) {
    List<TextSpan> untrusted = message.getUntrusted();
    String content = message.getContent();
    if (untrusted == null) {
      return message.getRole().equals(RenderedPrompt.RAW)
          ? new ChatMessage(message.getRole(), OriginText.template(content))
          : ChatMessage.of(message.getRole(), content);
    }
    OriginText.Builder text = new OriginText.Builder();
    int length = content.codePointCount(0, content.length());
    int point = 0;
    int at = 0;
    for (TextSpan span : untrusted) {
      if (span.getStart() < point || span.getEnd() < span.getStart() || span.getEnd() > length) {
        throw new IllegalArgumentException(
            "untrusted: %d to %d (expected: within %d to %d, in order and apart)"
                .formatted(span.getStart(), span.getEnd(), point, length));
      }
      int start = content.offsetByCodePoints(at, span.getStart() - point);
      int end = content.offsetByCodePoints(start, span.getEnd() - span.getStart());
      text.append(OriginText.template(content.substring(at, start)));
      text.append(OriginText.of(content.substring(start, end), origin(span.getOrigin())));
      at = end;
      point = span.getEnd();
    }
    text.append(OriginText.template(content.substring(at)));
    return new ChatMessage(message.getRole(), text.build());
  }

  private static TextOrigin origin(Origin origin) {
    return switch (origin) {
      case QUESTION -> TextOrigin.QUESTION;
      case CANDIDATE -> TextOrigin.CANDIDATE;
      case REFERENCE -> TextOrigin.REFERENCE;
      case PRINCIPLE -> TextOrigin.PRINCIPLE;
      case MESSAGE -> TextOrigin.MESSAGE;
      case TEMPLATE -> throw new IllegalArgumentException("a template's text is trusted");
    };
  }

  private static Origin origin(TextOrigin origin) {
    return switch (origin) {
      case QUESTION -> Origin.QUESTION;
      case CANDIDATE -> Origin.CANDIDATE;
      case REFERENCE -> Origin.REFERENCE;
      case PRINCIPLE -> Origin.PRINCIPLE;
      case MESSAGE -> Origin.MESSAGE;
    };
  }
}
