package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Map;

/**
 * The inputs of a chat template besides the messages.
 *
 * @param generationPrompt whether to append the start of an assistant message
 * @param today the date that templates print; part of the prompt, so repeatable rendering requires
 *     a fixed date
 * @param variables further template variables by name, such as {@code enable_thinking}: strings,
 *     numbers, booleans, lists and maps
 */
public record ChatOptions(boolean generationPrompt, LocalDate today, Map<String, ?> variables) {

  public ChatOptions {
    requireNonNull(today, "today");
    variables = Map.copyOf(variables);
  }

  /** Options of a prompt that the model completes. */
  public static ChatOptions toBeAnswered(LocalDate today) {
    return new ChatOptions(true, today, Map.of());
  }

  /** Options of a finished conversation, such as the input of a reward model. */
  public static ChatOptions finished(LocalDate today) {
    return new ChatOptions(false, today, Map.of());
  }

  /** These options with an additional variable. */
  public ChatOptions with(String name, Object value) {
    Map<String, Object> more = new java.util.HashMap<>(variables);
    more.put(name, value);
    return new ChatOptions(generationPrompt, today, more);
  }
}
