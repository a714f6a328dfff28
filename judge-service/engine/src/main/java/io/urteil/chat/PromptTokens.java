package io.urteil.chat;

import io.urteil.jinja.TemplateException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.chat.ChatOptions;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.chat.PromptPiece;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.prompt.PromptMessage;
import io.urteil.prompt.RenderedPrompt;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judge prompt as a model reads it: through its chat template, or as it is when it is raw text;
 * then what the answer is primed with, unless the template itself ends with that. Only the
 * template's and the prompt's own wording can spell control tokens. Safe for any thread.
 */
final class PromptTokens {

  /**
   * What templates that print a date print; a fixed one, so that a repeated judging reads the same.
   */
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 1);

  private final PromptEncoder encoder;
  private final @Nullable ChatTemplate template;
  private final String model;

  PromptTokens(String model, PromptEncoder encoder, @Nullable ChatTemplate template) {
    this.model = model;
    this.encoder = encoder;
    this.template = template;
  }

  /**
   * The tokens of a prompt.
   *
   * @throws RefusedRequestException when the model has no chat template for a prompt of turns, or
   *     its template refuses them
   */
  int[] of(RenderedPrompt prompt) {
    List<PromptPiece> pieces = new ArrayList<>(pieces(prompt));
    String prime = prompt.prime();
    String before = pieces.isEmpty() ? "" : pieces.getLast().text().stripTrailing();
    if (!prime.isBlank() && !before.endsWith(prime.strip())) {
      pieces.add(PromptPiece.control(prime));
    }
    return encoder.encode(pieces).tokenIds();
  }

  private List<PromptPiece> pieces(RenderedPrompt prompt) {
    if (prompt.isRaw()) {
      return pieces(prompt.messages().getFirst());
    }
    if (template == null) {
      throw new RefusedRequestException(
          "model '%s' has no chat template (expected: one, or a judge prompt of raw text)"
              .formatted(model));
    }
    List<ChatMessage> messages =
        prompt.messages().stream()
            .map(message -> new ChatMessage(message.role(), pieces(message)))
            .toList();
    try {
      return template.render(messages, ChatOptions.toBeAnswered(TODAY)).pieces();
    } catch (TemplateException e) {
      throw new RefusedRequestException(
          "the chat template of model '%s' refuses the judge prompt: %s"
              .formatted(model, e.getMessage()));
    }
  }

  private static List<PromptPiece> pieces(PromptMessage message) {
    return message.pieces().stream()
        .map(
            piece ->
                piece.isTemplate()
                    ? PromptPiece.control(piece.text())
                    : PromptPiece.plain(piece.text()))
        .toList();
  }
}
