package io.urteil.prompt;

import static java.util.Objects.requireNonNull;

import io.urteil.model.chat.ChatMessage;
import java.util.List;

/**
 * A filled prompt: chat messages or raw text.
 *
 * @param messages in order; with role {@link #RAW} if the prompt is raw text
 * @param prefix the assistant prefix, such as {@code <think>}; may be empty
 */
public record RenderedPrompt(List<ChatMessage> messages, String prefix) {

  /** Role of raw text, which bypasses the chat template. */
  public static final String RAW = "text";

  public RenderedPrompt {
    messages = List.copyOf(messages);
    requireNonNull(prefix, "prefix");
  }

  /** Whether the prompt is raw text, which bypasses the chat template. */
  public boolean isRaw() {
    return messages.stream().allMatch(message -> message.role().equals(RAW));
  }
}
