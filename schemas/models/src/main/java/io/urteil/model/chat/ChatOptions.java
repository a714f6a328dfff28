package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Map;

/**
 * What a chat template is told besides the messages.
 *
 * @param generationPrompt whether the prompt ends where the assistant begins to write
 * @param today what templates that print a date print; part of the prompt, so a repeated rendering
 *     needs the same date
 * @param variables further variables by name: strings, numbers, truth values, lists, maps; {@code
 *     enable_thinking} is the best known
 */
public record ChatOptions(boolean generationPrompt, LocalDate today, Map<String, ?> variables) {

  public ChatOptions {
    requireNonNull(today, "today");
    variables = Map.copyOf(variables);
  }

  /** A prompt to be completed. */
  public static ChatOptions toBeAnswered(LocalDate today) {
    return new ChatOptions(true, today, Map.of());
  }

  /** A finished conversation, as a reward model reads it. */
  public static ChatOptions finished(LocalDate today) {
    return new ChatOptions(false, today, Map.of());
  }

  /** The same with one more variable. */
  public ChatOptions with(String name, Object value) {
    Map<String, Object> more = new java.util.HashMap<>(variables);
    more.put(name, value);
    return new ChatOptions(generationPrompt, today, more);
  }
}
