package io.urteil.prompt;

import static java.util.Objects.requireNonNull;

import io.urteil.model.chat.ChatMessage;
import java.util.List;

/**
 * A prompt filled in: chat turns, or raw text.
 *
 * @param messages the turns in order; of role {@link #RAW} when the prompt is raw text
 * @param prefix what the assistant's turn begins with, such as {@code <think>}; may be empty
 */
public record RenderedPrompt(List<ChatMessage> messages, String prefix) {

  /** Role of text that takes no chat template. */
  public static final String RAW = "text";

  public RenderedPrompt {
    messages = List.copyOf(messages);
    requireNonNull(prefix, "prefix");
  }

  /** Whether the text goes to the model as it is, without a chat template. */
  public boolean isRaw() {
    return messages.stream().allMatch(message -> message.role().equals(RAW));
  }
}
