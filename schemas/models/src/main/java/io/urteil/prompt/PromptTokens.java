package io.urteil.prompt;

import io.urteil.jinja.TemplateException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.chat.ChatOptions;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.tokenizer.EncodedPrompt;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.text.OriginText;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes prompts for one model, in judging and in training alike: raw text directly, other prompts
 * through the model's chat template, followed by the assistant prefix unless the template's output
 * ends with it. Only trusted text can contain control tokens. Thread-safe.
 */
public final class PromptTokens {

  /** The date that chat templates print in judge prompts; fixed, so that judging is repeatable. */
  public static final LocalDate JUDGE_DATE = LocalDate.of(2026, 1, 1);

  private final String model;
  private final PromptEncoder encoder;
  private final @Nullable ChatTemplate template;

  /**
   * An encoder for one model.
   *
   * @param model name of the model in messages
   * @param template null for a model without one, which accepts raw text only
   */
  public PromptTokens(String model, PromptEncoder encoder, @Nullable ChatTemplate template) {
    this.model = model;
    this.encoder = encoder;
    this.template = template;
  }

  /**
   * The tokens of a prompt, each attributed to its message; those of the prefix are attributed to
   * an additional last message.
   *
   * @param today the date that templates print
   * @throws RefusedPromptException when raw text and messages are mixed, the model has no chat
   *     template, or its template rejects the messages
   */
  public EncodedPrompt of(RenderedPrompt prompt, LocalDate today) {
    OriginText text = prompt.isRaw() ? raw(prompt.messages()) : templated(prompt, today);
    return encoder.encode(withPrefix(text, prompt.prefix(), prompt.messages().size()));
  }

  private static OriginText raw(List<ChatMessage> messages) {
    List<OriginText> texts = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      texts.add(messages.get(i).content().inMessage(i));
    }
    return OriginText.join(texts);
  }

  private OriginText templated(RenderedPrompt prompt, LocalDate today) {
    List<String> roles = prompt.messages().stream().map(ChatMessage::role).toList();
    if (roles.contains(RenderedPrompt.RAW)) {
      throw new RefusedPromptException(
          "messages of the roles %s (expected: only '%s', or no such role)"
              .formatted(roles, RenderedPrompt.RAW));
    }
    if (template == null) {
      throw new RefusedPromptException(
          ("model '%s' has no chat template for a message of role '%s' (expected:"
                  + " chat_template.jinja, chat_template in tokenizer_config.json, or a prompt of"
                  + " raw text)")
              .formatted(model, roles.getFirst()));
    }
    try {
      return template.render(prompt.messages(), ChatOptions.toBeAnswered(today));
    } catch (TemplateException e) {
      throw new RefusedPromptException(
          "the chat template of model '%s' rejects the prompt: %s"
              .formatted(model, e.getMessage()));
    }
  }

  /** Appends the prefix, unless trusted text of the template already ends with it. */
  private static OriginText withPrefix(OriginText text, String prefix, int message) {
    if (prefix.isBlank()) {
      return text;
    }
    List<OriginText.Run> runs = text.runs();
    boolean present =
        !runs.isEmpty()
            && runs.getLast().origin().isTrusted()
            && runs.getLast().text().stripTrailing().endsWith(prefix.strip());
    if (!present) {
      return text.plus(OriginText.template(prefix).inMessage(message));
    }
    int from = text.toString().lastIndexOf(prefix.strip());
    return text.slice(0, from).plus(text.slice(from, text.length()).inMessage(message));
  }
}
