package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.StopSequences;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt, the number of completions, and their sampling. The samples share one prefill of the
 * prompt.
 *
 * @param id chosen by the caller, for logs and errors; need not be unique
 * @param promptTokenIds at least one
 * @param samples at least one; sample i has its own generator, seeded by the sampling's seed and i,
 *     so that its tokens do not depend on other requests
 * @param version the version to use, or null for the version that is current when the prompt
 *     starts; all samples of a request use one version
 * @param deadline when it passes, samples end with their tokens so far, {@link
 *     StopReason#CANCELLED}; null for none
 * @param grammar the format of each completion, for the vocabulary of the model; null for none. A
 *     completion that completes the format ends with {@link StopReason#STOP}
 * @param stopTexts texts that end a completion, for the vocabulary of the model; null for none
 * @param watched tokens whose log-probabilities directly after the prompt are returned; empty for
 *     none
 */
public record CompletionRequest(
    String id,
    int[] promptTokenIds,
    int samples,
    Sampling sampling,
    @Nullable ModelVersion version,
    @Nullable Instant deadline,
    @Nullable Grammar grammar,
    @Nullable StopSequences stopTexts,
    List<Integer> watched) {

  public CompletionRequest {
    requireNonNull(id, "id");
    requireNonNull(sampling, "sampling");
    promptTokenIds = promptTokenIds.clone();
    watched = List.copyOf(watched);
    if (promptTokenIds.length == 0) {
      throw new IllegalArgumentException(
          "promptTokenIds: empty (expected: at least one token) in request '%s'".formatted(id));
    }
    if (samples < 1) {
      throw new IllegalArgumentException(
          "samples: %d (expected: >= 1) in request '%s'".formatted(samples, id));
    }
  }

  /** A request without grammar, stop texts and watched tokens. */
  public CompletionRequest(
      String id,
      int[] promptTokenIds,
      int samples,
      Sampling sampling,
      @Nullable ModelVersion version,
      @Nullable Instant deadline) {
    this(id, promptTokenIds, samples, sampling, version, deadline, null, null, List.of());
  }

  /** A request to the current version, without a deadline. */
  public CompletionRequest(String id, int[] promptTokenIds, int samples, Sampling sampling) {
    this(id, promptTokenIds, samples, sampling, null, null);
  }

  /** The same request to one version. */
  public CompletionRequest withVersion(ModelVersion named) {
    return new CompletionRequest(
        id, promptTokenIds, samples, sampling, named, deadline, grammar, stopTexts, watched);
  }

  /** The same request with a deadline. */
  public CompletionRequest withDeadline(Instant instant) {
    return new CompletionRequest(
        id, promptTokenIds, samples, sampling, version, instant, grammar, stopTexts, watched);
  }

  /** The same request for completions in this format. */
  public CompletionRequest withGrammar(@Nullable Grammar form) {
    return new CompletionRequest(
        id, promptTokenIds, samples, sampling, version, deadline, form, stopTexts, watched);
  }

  /** The same request with these stop texts. */
  public CompletionRequest withStopTexts(@Nullable StopSequences texts) {
    return new CompletionRequest(
        id, promptTokenIds, samples, sampling, version, deadline, grammar, texts, watched);
  }

  /**
   * The same request, which also returns the log-probabilities of these tokens after the prompt.
   */
  public CompletionRequest withWatched(List<Integer> tokenIds) {
    return new CompletionRequest(
        id, promptTokenIds, samples, sampling, version, deadline, grammar, stopTexts, tokenIds);
  }

  @Override
  public int[] promptTokenIds() {
    return promptTokenIds.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CompletionRequest that
        && id.equals(that.id)
        && Arrays.equals(promptTokenIds, that.promptTokenIds)
        && samples == that.samples
        && sampling.equals(that.sampling)
        && Objects.equals(version, that.version)
        && Objects.equals(deadline, that.deadline)
        && Objects.equals(grammar, that.grammar)
        && Objects.equals(stopTexts, that.stopTexts)
        && watched.equals(that.watched);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, Arrays.hashCode(promptTokenIds), samples, sampling, version, deadline);
  }
}
