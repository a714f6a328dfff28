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
 * How likely the choices of a request were where its samples made one. The engine reads each text
 * once more, up to the token of the choice, on the version that wrote it.
 *
 * @param tokens of the choices
 */
record LocalChoiceProbabilities(
    InferenceEngine engine, Tokenizer tokenizer, WrittenChoice choice, ChoiceTokens tokens) {

  /**
   * What is being read for the samples of a completion, one by one; empty where there is nothing to
   * read.
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
    // The one token that is drawn is nobody's; that the text was read is what is asked for.
    CompletionRequest reading =
        new CompletionRequest(
                "%s/choice-%d".formatted(request.id(), sample),
                upToTheChoice,
                1,
                Sampling.greedy(1, List.of()),
                written.version(),
                request.deadline())
            .withWatched(tokens.ids());
    return LocalChatModel.passingOnCancellation(
        engine.submit(reading), completion -> told(completion));
  }

  /** Nothing where the engine could not read the text, such as one that fills its slot. */
  private Map<String, Double> told(Completion completion) {
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
