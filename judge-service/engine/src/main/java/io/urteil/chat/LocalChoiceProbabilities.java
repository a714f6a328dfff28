package io.urteil.chat;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.Sampling;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.WrittenChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Computes the probabilities of a written choice in sampled texts. The engine evaluates each text
 * again, up to the token of the choice, with the version that sampled it.
 *
 * @param tokens tokens of the choices
 */
record LocalChoiceProbabilities(
    InferenceEngine engine, Tokenizer tokenizer, WrittenChoice choice, ChoiceTokens tokens) {

  /**
   * The probabilities for each sample of a completion, as futures; an empty map for a sample
   * without a choice.
   *
   * @param prompt token ids of the prompt
   */
  List<CompletableFuture<Map<String, Double>>> read(
      ChatRequest request, int[] prompt, Completion written, List<ChatSample> samples) {
    List<CompletableFuture<Map<String, Double>>> all = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      int[] said = written.samples().get(i).tokenIds();
      OptionalInt place =
          ChoiceLocator.token(
              choice,
              samples.get(i).text(),
              said.length,
              n -> tokenizer.decode(Arrays.copyOf(said, n)).length());
      all.add(
          place.isEmpty()
              ? CompletableFuture.completedFuture(Map.of())
              : read(request, written, i, concatenated(prompt, said, place.getAsInt())));
    }
    return all;
  }

  private CompletableFuture<Map<String, Double>> read(
      ChatRequest request, Completion written, int sample, int[] upToTheChoice) {
    // The sampled token is not used; the request only evaluates the text.
    CompletionRequest evaluation =
        new CompletionRequest(
                "%s/choice-%d".formatted(request.id(), sample),
                upToTheChoice,
                1,
                Sampling.greedy(1, List.of()),
                written.version(),
                request.deadline())
            .withWatched(tokens.ids());
    return LocalChatModel.passingOnCancellation(
        engine.submit(evaluation), completion -> probabilities(completion));
  }

  /** Empty if the engine failed, for example because the text fills its slot. */
  private Map<String, Double> probabilities(Completion completion) {
    CompletionSample sample = completion.samples().getFirst();
    return switch (sample.finishReason()) {
      case STOP, LENGTH -> tokens.probabilities(completion.watched());
      case CANCELLED, FAILED -> Map.of();
    };
  }

  private static int[] concatenated(int[] prompt, int[] said, int length) {
    int[] all = Arrays.copyOf(prompt, prompt.length + length);
    System.arraycopy(said, 0, all, prompt.length, length);
    return all;
  }
}
