package io.urteil.prompt;

import java.util.List;

/**
 * A judge prompt filled in: chat turns, or one raw text.
 *
 * @param messages the turns in order; one of role {@link #RAW} when the prompt is raw text
 * @param prime what the assistant's turn begins with, such as {@code <think>}; may be empty
 */
public record RenderedPrompt(List<PromptMessage> messages, String prime) {

  /** Role of the only message of a prompt that takes no chat template. */
  public static final String RAW = "raw";

  public RenderedPrompt {
    messages = List.copyOf(messages);
  }

  /** Whether the text goes to the model as it is, without a chat template. */
  public boolean isRaw() {
    return messages.size() == 1 && messages.getFirst().role().equals(RAW);
  }
}
