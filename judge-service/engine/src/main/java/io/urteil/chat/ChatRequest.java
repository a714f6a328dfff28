package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to complete a judge prompt.
 *
 * @param id for logs and errors; need not be unique
 * @param samples number of completions, at least 1
 * @param deadline time at which unfinished samples are cancelled; null for none
 * @param writtenChoice the choice in each text whose probabilities are returned; null for none
 * @param grammar name of the format that each text is constrained to; empty for none
 */
public record ChatRequest(
    String id,
    RenderedPrompt prompt,
    int samples,
    ChatSampling sampling,
    @Nullable Instant deadline,
    @Nullable WrittenChoice writtenChoice,
    String grammar) {

  public ChatRequest {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    requireNonNull(sampling, "sampling");
    requireNonNull(grammar, "grammar");
    if (samples < 1) {
      throw new IllegalArgumentException(
          "samples: %d (expected: >= 1) in request '%s'".formatted(samples, id));
    }
  }

  /** A request without probabilities of a choice and without a grammar. */
  public ChatRequest(
      String id,
      RenderedPrompt prompt,
      int samples,
      ChatSampling sampling,
      @Nullable Instant deadline) {
    this(id, prompt, samples, sampling, deadline, null, "");
  }

  /** This request with the probabilities of a choice in each text. */
  public ChatRequest withWrittenChoice(WrittenChoice choice) {
    return new ChatRequest(id, prompt, samples, sampling, deadline, choice, grammar);
  }

  /** This request for texts in this format; an empty name for any text. */
  public ChatRequest withGrammar(String name) {
    return new ChatRequest(id, prompt, samples, sampling, deadline, writtenChoice, name);
  }
}
