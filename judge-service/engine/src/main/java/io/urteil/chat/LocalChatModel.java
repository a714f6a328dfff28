package io.urteil.chat;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.PromptTokens;
import io.urteil.prompt.RefusedPromptException;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model in this process: an engine with its tokenizer and chat template. Untrusted text never
 * becomes control tokens. {@link #close} does not close the engine or the tokenizer.
 */
final class LocalChatModel implements ChatModel {

  private final String name;
  private final InferenceEngine engine;
  private final PromptTokens prompts;
  private final Tokenizer tokenizer;
  private final List<Integer> stopTokenIds;
  private final int slots;
  private @Nullable VerdictGrammars grammars;

  /**
   * A model of this engine.
   *
   * @param name of the model and its weights
   * @param stopTokenIds tokens that end a completion
   * @param slots of the engine
   */
  LocalChatModel(
      String name,
      InferenceEngine engine,
      PromptTokens prompts,
      Tokenizer tokenizer,
      List<Integer> stopTokenIds,
      int slots) {
    this.name = name;
    this.engine = engine;
    this.prompts = prompts;
    this.tokenizer = tokenizer;
    this.stopTokenIds = List.copyOf(stopTokenIds);
    this.slots = slots;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int concurrency() {
    return slots;
  }

  @Override
  public void requireGrammar(String grammar) {
    grammars().named(grammar);
  }

  /** Made for the first grammar, because it reads the whole vocabulary. */
  private synchronized VerdictGrammars grammars() {
    if (grammars == null) {
      grammars = new VerdictGrammars(tokenizer.texts());
    }
    return grammars;
  }

  @Override
  public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
    int[] tokens;
    Optional<LocalChoiceProbabilities> choices;
    Grammar grammar;
    try {
      tokens = tokens(request.prompt());
      grammar = grammar(request);
      choices = Optional.ofNullable(request.writtenChoice()).map(this::choices);
    } catch (RefusedRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    ChatSampling asked = request.sampling();
    Sampling sampling =
        new Sampling(
            asked.temperature(),
            asked.topP(),
            asked.topK(),
            asked.maxTokens(),
            stopTokenIds,
            asked.seed());
    CompletableFuture<Completion> written =
        submit(
            new CompletionRequest(
                    request.id(), tokens, request.samples(), sampling, null, request.deadline())
                .withGrammar(grammar));
    if (choices.isEmpty()) {
      return passingOnCancellation(written, completion -> completion(request, tokens, completion));
    }
    return withChoices(request, tokens, written, choices.get());
  }

  /** Submits a request; its wait for a slot is no part of the time of the judge's call. */
  private CompletableFuture<Completion> submit(CompletionRequest request) {
    Runnable begun = CallNotes.current().startWaiting();
    CompletableFuture<Completion> completion = engine.submit(request, begun);
    var unused = completion.whenComplete((value, failure) -> begun.run());
    return completion;
  }

  /** The grammar of the request, whose texts end within its tokens; null for none. */
  private @Nullable Grammar grammar(ChatRequest request) {
    if (request.grammar().isEmpty()) {
      return null;
    }
    try {
      return grammars().named(request.grammar()).within(request.sampling().maxTokens());
    } catch (IllegalArgumentException e) {
      throw new RefusedRequestException(String.valueOf(e.getMessage()));
    }
  }

  private LocalChoiceProbabilities choices(WrittenChoice choice) {
    return new LocalChoiceProbabilities(
        engine, tokenizer, choice, ChoiceTokens.of(name, tokenizer, choice.choices()));
  }

  private CompletableFuture<ChatCompletion> withChoices(
      ChatRequest request,
      int[] tokens,
      CompletableFuture<Completion> written,
      LocalChoiceProbabilities choices) {
    List<CompletableFuture<?>> underWay = new CopyOnWriteArrayList<>(List.of(written));
    CompletableFuture<ChatCompletion> result =
        written.thenCompose(
            completion -> {
              ChatCompletion texts = completion(request, tokens, completion);
              var readings = choices.read(request, tokens, completion, texts.samples());
              underWay.addAll(readings);
              return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
                  .thenApply(
                      all ->
                          texts.withChoices(
                              readings.stream().map(CompletableFuture::join).toList()));
            });
    result.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            underWay.forEach(one -> one.cancel(true));
          }
        });
    return result;
  }

  @Override
  public CompletableFuture<ChoiceProbabilities> nextTokens(
      ChatRequest request, List<String> choices) {
    int[] tokens;
    ChoiceTokens choiceTokens;
    try {
      tokens = tokens(request.prompt());
      choiceTokens = ChoiceTokens.of(name, tokenizer, choices);
    } catch (RefusedRequestException e) {
      return CompletableFuture.failedFuture(e);
    }
    // The sampled token is not used; the request only evaluates the prompt.
    CompletionRequest evaluation =
        new CompletionRequest(
                request.id(), tokens, 1, Sampling.greedy(1, List.of()), null, request.deadline())
            .withWatched(choiceTokens.ids());
    return passingOnCancellation(
        submit(evaluation),
        completion ->
            new ChoiceProbabilities(
                name, tokens.length, choiceTokens.probabilities(watched(completion))));
  }

  private static List<Double> watched(Completion completion) {
    CompletionSample sample = completion.samples().getFirst();
    return switch (sample.finishReason()) {
      case STOP, LENGTH -> completion.watched();
      case CANCELLED, FAILED ->
          throw new RefusedRequestException(
              sample.detail().isEmpty() ? sample.finishReason().name() : sample.detail());
    };
  }

  private ChatCompletion completion(ChatRequest request, int[] prompt, Completion completion) {
    return new ChatCompletion(
        request.id(),
        name,
        prompt.length,
        completion.samples().stream().map(sample -> sample(request, sample)).toList());
  }

  private ChatSample sample(ChatRequest request, CompletionSample sample) {
    int[] tokens = sample.tokenIds();
    List<Float> logProbabilities = new ArrayList<>();
    for (float logProbability : sample.logProbabilities()) {
      logProbabilities.add(logProbability);
    }
    String text = tokenizer.decode(tokens);
    int end = end(text, request.sampling().stop());
    return new ChatSample(
        end < 0 ? text : text.substring(0, end),
        tokens.length,
        logProbabilities,
        end < 0 ? sample.finishReason() : StopReason.STOP,
        sample.detail());
  }

  /** The position of the first of these texts; -1 without one. */
  private static int end(String text, List<String> stops) {
    int first = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  static <A, B> CompletableFuture<B> passingOnCancellation(
      CompletableFuture<A> source, Function<A, B> function) {
    CompletableFuture<B> result = source.thenApply(function);
    result.whenComplete(
        (value, error) -> {
          if (result.isCancelled()) {
            source.cancel(true);
          }
        });
    return result;
  }

  @Override
  public void close() {}

  private int[] tokens(RenderedPrompt prompt) {
    try {
      return prompts.of(prompt, PromptTokens.JUDGE_DATE).tokenIds();
    } catch (RefusedPromptException e) {
      throw new RefusedRequestException(String.valueOf(e.getMessage()));
    }
  }
}
