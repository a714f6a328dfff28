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

/** Converts prompts between events and {@link RenderedPrompt}, including text origins. Pure. */
public final class PromptMessages {

  private PromptMessages() {}

  /** An arm with the messages and prefix of a rendered judge prompt; the caller sets its name. */
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
   * The prompt of an arm. In a message without untrusted spans, chat text is untrusted and raw text
   * is trusted.
   *
   * @throws IllegalArgumentException when untrusted spans overlap, are out of order or exceed the
   *     message
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
            "untrusted: %d to %d (expected: within %d to %d, in order, without overlap)"
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
      case TEMPLATE -> throw new IllegalArgumentException("template text is trusted");
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
