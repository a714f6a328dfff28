package io.urteil.judges.generative;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChatSample;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.engine.StopReason;
import io.urteil.prompt.WrittenChoice;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A model that says what a function of the candidates shown, in their order, makes it say. A text
 * behind {@code ~} is cut off, one behind {@code !} is the reason of a failure, and one that ends
 * with {@code |0.7 0.2} gives a written choice these probabilities, and says the rest.
 */
final class ScriptedModel implements ChatModel {

  /** What is said about these candidates. */
  interface Script {
    String say(List<String> candidates, int sample);
  }

  private final Script script;
  private boolean hasGrammars;
  private final List<ChatRequest> requests = Collections.synchronizedList(new ArrayList<>());

  ScriptedModel(Script script) {
    this.script = script;
  }

  /** The same model, which accepts every grammar. */
  ScriptedModel withGrammars() {
    hasGrammars = true;
    return this;
  }

  List<ChatRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public String name() {
    return "scripted@1";
  }

  @Override
  public void requireGrammar(String grammar) {
    if (!hasGrammars) {
      ChatModel.super.requireGrammar(grammar);
    }
  }

  @Override
  public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
    requests.add(request);
    List<String> shown = candidates(request);
    List<ChatSample> samples =
        IntStream.range(0, request.samples())
            .mapToObj(
                sample -> {
                  String said = script.say(shown, sample);
                  return said.startsWith("!")
                      ? new ChatSample("", 0, List.of(), StopReason.FAILED, said.substring(1))
                      : sample(request, said);
                })
            .toList();
    return CompletableFuture.completedFuture(
        new ChatCompletion(request.id(), name(), 100, samples));
  }

  @Override
  public CompletableFuture<ChoiceProbabilities> nextTokens(
      ChatRequest request, List<String> choices) {
    requests.add(request);
    String said = script.say(candidates(request), 0);
    return CompletableFuture.completedFuture(
        new ChoiceProbabilities(name(), 100, probabilities(said, choices)));
  }

  private static ChatSample sample(ChatRequest request, String said) {
    if (said.startsWith("~")) {
      return new ChatSample(said.substring(1), 7, List.of(), StopReason.LENGTH, "");
    }
    String[] parts = said.split("\\|", -1);
    ChatSample sample = new ChatSample(parts[0], 7, List.of(), StopReason.STOP, "");
    WrittenChoice choice = request.writtenChoice();
    return choice == null || parts.length == 1
        ? sample
        : sample.withChoices(probabilities(parts[1], choice.choices()));
  }

  private static Map<String, Double> probabilities(String numbers, List<String> choices) {
    String[] each = numbers.split(" ", -1);
    return Map.of(
        choices.get(0), Double.parseDouble(each[0]),
        choices.get(1), Double.parseDouble(each[1]));
  }

  private static List<String> candidates(ChatRequest request) {
    return request.prompt().messages().stream()
        .flatMap(message -> message.content().runs().stream())
        .filter(piece -> piece.origin() == Origin.CANDIDATE)
        .map(OriginText.Run::text)
        .toList();
  }

  @Override
  public void close() {}
}
