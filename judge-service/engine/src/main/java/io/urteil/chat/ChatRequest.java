package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A judge prompt and how often and how to complete it.
 *
 * @param id the caller's, for logs and errors; need not be unique
 * @param samples at least 1
 * @param deadline when it passes, samples end as they are; null for none
 * @param writtenChoice the choice in each text whose probabilities are told; null for none
 */
public record ChatRequest(
    String id,
    RenderedPrompt prompt,
    int samples,
    ChatSampling sampling,
    @Nullable Instant deadline,
    @Nullable WrittenChoice writtenChoice) {

  public ChatRequest {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    requireNonNull(sampling, "sampling");
    if (samples < 1) {
      throw new IllegalArgumentException(
          "samples: %d (expected: >= 1) in request '%s'".formatted(samples, id));
    }
  }

  /** A request that wants texts and no probabilities of a choice. */
  public ChatRequest(
      String id,
      RenderedPrompt prompt,
      int samples,
      ChatSampling sampling,
      @Nullable Instant deadline) {
    this(id, prompt, samples, sampling, deadline, null);
  }

  /** The same request, which also asks how likely the choices are where a text makes one. */
  public ChatRequest withWrittenChoice(WrittenChoice choice) {
    return new ChatRequest(id, prompt, samples, sampling, deadline, choice);
  }
}
