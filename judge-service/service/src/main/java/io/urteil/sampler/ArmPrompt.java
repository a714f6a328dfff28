package io.urteil.sampler;

import io.urteil.event.EngineStamp;
import io.urteil.event.Message;
import io.urteil.event.PackedArrays;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Segment;
import io.urteil.jinja.TemplateException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.chat.ChatOptions;
import io.urteil.model.tokenizer.EncodedPrompt;
import io.urteil.sampler.SampleRequests.UnusablePromptException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * An arm's messages as the model reads them: a text as it is, a conversation by the model's chat
 * template.
 *
 * @param segments one per message; their tokens, one after the other, are the prompt. What the
 *     template puts around the messages is counted to the message behind it, and at the end to the
 *     last one.
 */
record ArmPrompt(List<Segment> segments, EngineStamp engine) {

  private static final String WITHOUT_TEMPLATE = "text";

  /** Today, to a template that prints a date, is the day of the prompt, so that it stays. */
  static ArmPrompt of(Prompt prompt, PromptArm arm, OpenPolicy policy)
      throws UnusablePromptException {
    List<Message> messages = arm.getMessages();
    long texts = messages.stream().filter(m -> m.getRole().equals(WITHOUT_TEMPLATE)).count();
    if (texts == messages.size()) {
      return new ArmPrompt(
          messages.stream()
              .map(m -> segment(m, policy.tokenizer().encode(m.getContent())))
              .toList(),
          policy.engineStamp());
    }
    if (texts > 0) {
      throw new UnusablePromptException(
          "arm '%s' has messages of the roles %s (expected: only '%s', or none)"
              .formatted(
                  arm.getName(),
                  messages.stream().map(Message::getRole).toList(),
                  WITHOUT_TEMPLATE));
    }
    OpenPolicy.Chat chat = policy.chat();
    if (chat == null) {
      throw new UnusablePromptException(
          ("arm '%s' has a message of role '%s', and the model in %s no chat template (expected:"
                  + " chat_template.jinja, chat_template in tokenizer_config.json, or a prompt of"
                  + " role '%s')")
              .formatted(
                  arm.getName(),
                  messages.getFirst().getRole(),
                  policy.version().directory(),
                  WITHOUT_TEMPLATE));
    }
    return byTemplate(prompt, arm, policy, chat);
  }

  private static ArmPrompt byTemplate(
      Prompt prompt, PromptArm arm, OpenPolicy policy, OpenPolicy.Chat chat)
      throws UnusablePromptException {
    List<Message> messages = arm.getMessages();
    ChatOptions options =
        ChatOptions.toBeAnswered(prompt.getCreatedAt().atZone(ZoneOffset.UTC).toLocalDate());
    EncodedPrompt encoded;
    try {
      encoded =
          chat.encoder()
              .encode(
                  chat.template()
                      .render(
                          messages.stream()
                              .map(m -> ChatMessage.of(m.getRole(), m.getContent()))
                              .toList(),
                          options));
    } catch (TemplateException e) {
      throw new UnusablePromptException("arm '%s': %s".formatted(arm.getName(), e.getMessage()));
    }
    List<int[]> tokens = encoded.byMessage(messages.size());
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      segments.add(segment(messages.get(i), tokens.get(i)));
    }
    return new ArmPrompt(segments, policy.engineStamp(chat.template()));
  }

  private static Segment segment(Message message, int[] tokens) {
    return Segment.newBuilder()
        .setRole(message.getRole())
        .setText(message.getContent())
        .setTokens(PackedArrays.ints(tokens))
        .build();
  }
}
