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
 * A prompt as one model reads it, in judging and in training: through the model's chat template, or
 * as it is when it is raw text; then the assistant's prefix, unless the template itself ends with
 * that. Only trusted text can spell control tokens. Safe for any thread.
 */
public final class PromptTokens {

  /**
   * The date that chat templates print in judge prompts; a fixed one, so that a repeated judging
   * reads the same.
   */
  public static final LocalDate JUDGE_DATE = LocalDate.of(2026, 1, 1);

  private final String model;
  private final PromptEncoder encoder;
  private final @Nullable ChatTemplate template;

  /**
   * @param model how messages call the model
   * @param template null when the model has none, and takes raw text only
   */
  public PromptTokens(String model, PromptEncoder encoder, @Nullable ChatTemplate template) {
    this.model = model;
    this.encoder = encoder;
    this.template = template;
  }

  /**
   * The tokens of a prompt, each counted to its message; those of the prefix to a message after the
   * last.
   *
   * @param today what a template that prints a date prints
   * @throws RefusedPromptException when the roles do not fit together, the model has no chat
   *     template for a prompt of turns, or its template refuses them
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
          "messages of the roles %s (expected: only '%s', or none)"
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
          "the chat template of model '%s' refuses the prompt: %s"
              .formatted(model, e.getMessage()));
    }
  }

  /** The prefix at the end; only the template's own wording can stand for it. */
  private static OriginText withPrefix(OriginText text, String prefix, int message) {
    if (prefix.isBlank()) {
      return text;
    }
    List<OriginText.Run> runs = text.runs();
    boolean said =
        !runs.isEmpty()
            && runs.getLast().origin().isTrusted()
            && runs.getLast().text().stripTrailing().endsWith(prefix.strip());
    if (!said) {
      return text.plus(OriginText.template(prefix).inMessage(message));
    }
    int from = text.toString().lastIndexOf(prefix.strip());
    return text.slice(0, from).plus(text.slice(from, text.length()).inMessage(message));
  }
}
