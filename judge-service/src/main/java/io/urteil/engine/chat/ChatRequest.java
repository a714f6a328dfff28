package io.urteil.engine.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.prompt.RenderedPrompt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A judge prompt and how often and how to complete it.
 *
 * @param id the caller's, for logs and errors; need not be unique
 * @param samples at least 1
 * @param deadline when it passes, samples end as they are; null for none
 */
public record ChatRequest(
    String id,
    RenderedPrompt prompt,
    int samples,
    ChatSampling sampling,
    @Nullable Instant deadline) {

  public ChatRequest {
    requireNonNull(id, "id");
    requireNonNull(prompt, "prompt");
    requireNonNull(sampling, "sampling");
    if (samples < 1) {
      throw new IllegalArgumentException(
          "samples: %d (expected: >= 1) in request '%s'".formatted(samples, id));
    }
  }
}
