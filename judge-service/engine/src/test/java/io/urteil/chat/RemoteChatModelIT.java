package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import io.urteil.engine.onnx.ReferenceInferenceDecoder;
import io.urteil.model.ModelDirectory;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.prompt.PromptTokens;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The remote model against llama.cpp's server, a process that is none of ours. */
class RemoteChatModelIT {

  private static final ChatSampling SAMPLING = new ChatSampling(1, 1, 0, 24, List.of(), 3);
  private static final ChatSampling GREEDY = new ChatSampling(0, 1, 0, 24, List.of(), 3);

  @SuppressWarnings("NullAway.Init")
  private static LlamaServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = LlamaServer.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void shouldSampleWithTheServersLogProbabilitiesAndRepeatBySeed() throws Exception {
    // Given
    try (RemoteChatModel model = model(2)) {
      ChatCompletion before = answer(model, chat("the thing"), 3, SAMPLING);

      // When
      ChatCompletion completion = answer(model, chat("the thing"), 3, SAMPLING);

      // Then
      assertThat(completion.promptTokens()).isGreaterThan("the thing".length());
      assertThat(completion.samples())
          .hasSize(3)
          .allSatisfy(
              sample -> {
                assertThat(sample.tokens()).isBetween(1, 24);
                assertThat(sample.logProbabilities())
                    .hasSizeBetween(1, sample.tokens())
                    .allSatisfy(value -> assertThat(value).isBetween(-30f, 0f));
                assertThat(sample.text()).isNotEmpty();
              });
      assertThat(texts(completion)).doesNotHaveDuplicates().isEqualTo(texts(before));
      assertThat(
              texts(
                  answer(model, chat("the thing"), 3, new ChatSampling(1, 1, 0, 24, List.of(), 4))))
          .isNotEqualTo(texts(before));
    }
  }

  @Test
  void shouldFindTheNextTokensThatTheReferenceComputesFromTheSameWeights() throws Exception {
    // Given
    ReferenceInferenceDecoder reference = new ReferenceInferenceDecoder(LlamaServer.MODEL);
    ModelDirectory directory = ModelDirectory.open(LlamaServer.MODEL);
    List<String> choices = IntStream.range('!', 127).mapToObj(Character::toString).toList();
    try (RemoteChatModel model = model(2);
        PromptEncoder encoder = directory.openPromptEncoder()) {
      PromptTokens tokens =
          new PromptTokens("tiny", encoder, directory.chatTemplate().orElseThrow());
      for (RenderedPrompt prompt : List.of(chat("Is the answer 42?"), raw("in the end"))) {

        // When
        ChoiceProbabilities next =
            model
                .nextTokens(new ChatRequest("r", prompt, 1, SAMPLING, null), choices)
                .get(120, TimeUnit.SECONDS);

        // Then
        int[] ids = tokens.of(prompt, PromptTokens.JUDGE_DATE).tokenIds();
        assertThat(next.probabilities()).hasSizeGreaterThan(10);
        next.probabilities()
            .forEach(
                (token, probability) -> {
                  int[] id = encoder.encode(OriginText.of(token, Origin.CANDIDATE)).tokenIds();
                  double expected = Math.exp(reference.logProbabilities(ids, id, 1)[0]);
                  assertThat(probability).as(token).isCloseTo(expected, within(1e-4));
                });
      }
    }
  }

  @Test
  void shouldEndAtTheMostTokensAndBeforeAStopText() throws Exception {
    // Given
    try (RemoteChatModel model = model(2)) {
      ChatSample whole = answer(model, chat("stop"), 1, GREEDY).samples().getFirst();
      String stop = whole.text().substring(4, 6);

      // When
      ChatSample stopped =
          answer(model, chat("stop"), 1, new ChatSampling(0, 1, 0, 24, List.of(stop), 3))
              .samples()
              .getFirst();

      // Then
      assertThat(whole.finishReason()).isEqualTo(StopReason.LENGTH);
      assertThat(whole.tokens()).isEqualTo(24);
      assertThat(stopped.finishReason()).isEqualTo(StopReason.STOP);
      assertThat(stopped.text()).isEqualTo(whole.text().substring(0, whole.text().indexOf(stop)));
    }
  }

  @Test
  void shouldPassOnWhyTheServerRefusesAPromptThatIsTooLong() {
    // Given
    try (RemoteChatModel model = model(5)) {

      // When / Then
      assertThatThrownBy(() -> answer(model, chat("x ".repeat(LlamaServer.CONTEXT)), 1, SAMPLING))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(RefusedRequestException.class)
          .hasMessageContainingAll("request 'r'", "status 400", "context size");
    }
  }

  @Test
  void shouldFailClearlyWhenTheServerIsKilledAndGoOnWhenItIsBack() throws Exception {
    // Given
    ChatSampling busy = new ChatSampling(0, 1, 0, 200, List.of(), 3);
    try (RemoteChatModel patient = model(60);
        RemoteChatModel hasty = model(3)) {
      ChatCompletion undisturbed = answer(patient, chat("work"), 1, busy);
      CompletableFuture<ChatCompletion> waits = patient.complete(request(chat("work"), 48, busy));
      CompletableFuture<ChatCompletion> fails = hasty.complete(request(chat("work"), 48, busy));
      server.awaitBusy();

      // When
      server.kill();

      // Then
      assertThatThrownBy(() -> fails.get(120, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(EngineException.class)
          .isNotInstanceOf(RefusedRequestException.class)
          .hasMessageContainingAll("Request 'r'", server.url().toString());
      assertThat(waits).isNotDone();
      server.restart();
      assertThat(texts(waits.get(240, TimeUnit.SECONDS)))
          .hasSize(48)
          .containsOnly(undisturbed.samples().getFirst().text());
    }
  }

  private static RemoteChatModel model(int tries) {
    return new RemoteChatModel(
        RemoteServer.at(server.url(), "tiny")
            .withRetries(
                tries, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofMinutes(2)));
  }

  private static ChatCompletion answer(
      ChatModel model, RenderedPrompt prompt, int samples, ChatSampling sampling) throws Exception {
    return model
        .complete(new ChatRequest("r", prompt, samples, sampling, null))
        .get(120, TimeUnit.SECONDS);
  }

  private static ChatRequest request(RenderedPrompt prompt, int samples, ChatSampling sampling) {
    return new ChatRequest("r", prompt, samples, sampling, null);
  }

  private static List<String> texts(ChatCompletion completion) {
    return completion.samples().stream().map(ChatSample::text).toList();
  }

  private static RenderedPrompt chat(String candidate) {
    return new RenderedPrompt(
        List.of(
            message("system", Origin.TEMPLATE, "You judge."),
            message("user", Origin.CANDIDATE, candidate)),
        "");
  }

  private static RenderedPrompt raw(String text) {
    return new RenderedPrompt(List.of(message(RenderedPrompt.RAW, Origin.TEMPLATE, text)), "");
  }

  private static ChatMessage message(String role, Origin source, String text) {
    return new ChatMessage(role, OriginText.of(text, source));
  }
}
