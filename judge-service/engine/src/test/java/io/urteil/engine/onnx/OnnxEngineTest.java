package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineClosedException;
import io.urteil.engine.EngineException;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.safetensors.DataType;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OnnxEngineTest {

  private static final ModelVersion VERSION = new ModelVersion("tiny", "main", 1);
  private static final EngineSettings SETTINGS = EngineSettings.of(6, 64).withPrefill(64, 32);
  private static final DecoderConfig SHAPE = TinyModel.QWEN2;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  private OnnxEngine engine = OnnxEngine.start(SETTINGS);

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @ParameterizedTest
  @MethodSource("io.urteil.engine.runtime.InferenceDecoderTest#shapes")
  void shouldGiveTheReferencesLogProbabilitiesWhateverElseRuns(DecoderConfig config)
      throws Exception {
    // Given
    ReferenceInferenceDecoder reference = load(VERSION, config, 3);
    List<CompletionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] prompt = TinyModel.tokens(config, 1 + (i * 5) % 31, i);
      Sampling sampling = Sampling.at(0.6 + 0.1 * (i % 5), 6 + 2 * i, List.of(1), i);
      requests.add(new CompletionRequest("r" + i, prompt, 1 + i % 4, sampling));
    }

    // When
    List<Completion> completions = answers(requests);

    // Then
    for (int i = 0; i < 12; i++) {
      assertThat(completions.get(i).samples()).hasSize(1 + i % 4);
      for (CompletionSample sample : completions.get(i).samples()) {
        assertLogProbabilities(reference, requests.get(i), sample);
      }
    }
  }

  @Test
  void shouldDrawTheSameTokensWhenARequestRunsAloneOrAmongOthers() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest request = request("mine", 17, 4, Sampling.at(1, 30, List.of(1), 42));
    Completion alone = engine.submit(request).get();
    List<CompletionRequest> crowd = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      crowd.add(request("other" + i, 1 + i, 1 + i % 5, Sampling.at(1, 5 + i, List.of(), i)));
    }
    crowd.add(9, request);

    // When
    Completion among = answers(crowd).get(9);

    // Then
    for (int i = 0; i < 4; i++) {
      assertThat(among.samples().get(i).tokenIds()).isEqualTo(alone.samples().get(i).tokenIds());
      assertThat(among.samples().get(i).logProbabilities())
          .containsExactly(alone.samples().get(i).logProbabilities(), within(1e-4f));
    }
    assertThat(alone.samples().stream().map(s -> Arrays.toString(s.tokenIds())).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void shouldDrawTheSameTokensWhenThreadsSpin() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest request = request("r", 17, 2, Sampling.at(1, 20, List.of(), 42));
    Completion without = engine.submit(request).get();
    engine.close();
    engine = OnnxEngine.start(SETTINGS.withThreads(2).withSpinMicros(20));
    load(VERSION, SHAPE, 3);

    // When
    Completion with = engine.submit(request).get();

    // Then
    for (int i = 0; i < 2; i++) {
      assertThat(with.samples().get(i).tokenIds()).isEqualTo(without.samples().get(i).tokenIds());
    }
  }

  @Test
  void shouldTellHowLongItsStepsTook() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);

    // When
    engine.submit(request("r", 17, 2, Sampling.at(1, 20, List.of(), 42))).get();

    // Then
    EngineStatistics statistics = engine.statistics();
    assertThat(statistics.medianStepNanos()).isPositive();
    assertThat(statistics.longestStepNanos()).isGreaterThanOrEqualTo(statistics.medianStepNanos());
  }

  @Test
  void shouldDrawOtherTokensWhenTheSeedIsAnother() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);

    // When
    List<Completion> completions =
        answers(
            List.of(
                request("a", 5, 1, Sampling.at(1, 30, List.of(), 1)),
                request("b", 5, 1, Sampling.at(1, 30, List.of(), 2))));

    // Then
    assertThat(completions.get(0).samples().getFirst().tokenIds())
        .isNotEqualTo(completions.get(1).samples().getFirst().tokenIds());
  }

  @Test
  void shouldReadLongPromptsInPiecesWhileOthersDecode() throws Exception {
    // Given
    engine.close();
    engine = OnnxEngine.start(SETTINGS.withPrefill(16, 8));
    ReferenceInferenceDecoder reference = load(VERSION, SHAPE, 3);
    List<CompletionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int length = i % 2 == 0 ? 33 + i : 3 + i;
      requests.add(request("r" + i, length, 1 + i, Sampling.at(1, 12, List.of(), i)));
    }

    // When
    List<Completion> completions = answers(requests);

    // Then
    for (int i = 0; i < 10; i++) {
      assertThat(completions.get(i).samples()).hasSize(1 + i);
      for (CompletionSample sample : completions.get(i).samples()) {
        assertThat(sample.tokenIds()).hasSize(12);
        assertLogProbabilities(reference, requests.get(i), sample);
      }
    }
  }

  @Test
  void shouldDrawTheSameTokensWhenAPromptHasMoreSamplesThanThereAreSlots() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest many = request("many", 9, 40, Sampling.at(1, 11, List.of(), 8));
    CompletionRequest few = request("few", 9, 3, Sampling.at(1, 11, List.of(), 8));

    // When
    Completion completion = engine.submit(many).get();

    // Then
    assertThat(completion.samples())
        .extracting(CompletionSample::index)
        .containsExactlyElementsOf(IntStream.range(0, 40).boxed().toList());
    Completion first = engine.submit(few).get();
    for (int i = 0; i < 3; i++) {
      assertThat(completion.samples().get(i).tokenIds())
          .isEqualTo(first.samples().get(i).tokenIds());
    }
  }

  @Test
  void shouldReadAPromptOnceForAllItsSamples() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    List<CompletionRequest> requests =
        List.of(
            request("whole", 10, 6, Sampling.at(1, 7, List.of(), 1)),
            request("waits for slots", 20, 9, Sampling.at(1, 9, List.of(), 2)),
            request("in pieces", 45, 8, Sampling.at(1, 5, List.of(), 3)));

    // When
    answers(requests);

    // Then
    EngineStatistics statistics = engine.statistics();
    assertThat(statistics.sampledTokens()).isEqualTo(6 * 7 + 9 * 9 + 8 * 5);
    assertThat(statistics.decodeSteps()).isBetween(8L, 6L * 6 + 9 * 8 + 8 * 4);
    assertThat(statistics.prefillTokens()).isBetween(75L, 95L);
    assertThat(statistics.runtimeNanos()).isBetween(1L, statistics.busyNanos());
  }

  @Test
  void shouldLeaveAModelDirectoryAsItIs() throws Exception {
    // Given
    Path path = TinyModel.write(directory.resolve("model"), SHAPE, 3);
    var before = ModelDirectory.open(path).sha256();

    // When
    load(VERSION, SHAPE, 3);

    // Then
    assertThat(ModelDirectory.open(path).sha256()).isEqualTo(before);
  }

  @Test
  void shouldFollowTheLargestLogitWhenTheTemperatureIsZero() throws Exception {
    // Given
    ReferenceInferenceDecoder reference = load(VERSION, SHAPE, 3);
    CompletionRequest request = request("greedy", 6, 1, Sampling.greedy(5, List.of()));

    // When
    CompletionSample sample = engine.submit(request).get().samples().getFirst();

    // Then
    int[] tokens = request.promptTokenIds();
    for (int token : sample.tokenIds()) {
      double[] logits = reference.logits(tokens);
      double largest = Arrays.stream(logits).max().orElseThrow();
      assertThat(logits[token]).isCloseTo(largest, within(1e-4));
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = token;
    }
    assertThat(sample.logProbabilities()).containsOnly(0f);
  }

  @Test
  void shouldEndWithTheStopTokenWhenItIsDrawn() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    int[] free =
        engine
            .submit(request("free", 6, 1, Sampling.at(1, 30, List.of(), 4)))
            .get()
            .samples()
            .getFirst()
            .tokenIds();
    int stop = free[7];
    int first = IntStream.range(0, 30).filter(i -> free[i] == stop).findFirst().orElseThrow();

    // When
    CompletionSample sample =
        engine
            .submit(request("stopped", 6, 1, Sampling.at(1, 30, List.of(stop), 4)))
            .get()
            .samples()
            .getFirst();

    // Then
    assertThat(sample.finishReason()).isEqualTo(StopReason.STOP);
    assertThat(sample.tokenIds()).isEqualTo(Arrays.copyOf(free, first + 1));
  }

  @Test
  void shouldEndARequestAloneWhenItsSlotIsFull() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);

    // When
    List<Completion> completions =
        answers(
            List.of(
                request("neighbour", 6, 2, Sampling.at(1, 50, List.of(), 4)),
                request("overflow", 60, 2, Sampling.at(1, 50, List.of(), 4)),
                request("brim", 64, 1, Sampling.at(1, 50, List.of(), 4))));

    // Then
    assertThat(completions.get(0).samples())
        .allSatisfy(sample -> assertThat(sample.tokenIds()).hasSize(50));
    assertThat(completions.get(1).samples())
        .allSatisfy(
            sample -> {
              assertThat(sample.finishReason()).isEqualTo(StopReason.LENGTH);
              assertThat(sample.tokenIds()).hasSize(5);
              assertThat(sample.detail())
                  .isEqualTo("slot full: 60 tokens of prompt and 5 drawn (capacity: 64)");
            });
    assertThat(completions.get(2).samples().getFirst().tokenIds()).hasSize(1);
  }

  @Test
  void shouldFailARequestAloneWhenItsPromptCannotBeRead() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    Sampling sampling = Sampling.at(1, 5, List.of(), 4);

    // When
    List<Completion> completions =
        answers(
            List.of(
                request("good", 6, 1, sampling),
                request("long", 65, 2, sampling),
                new CompletionRequest("stranger", new int[] {3, 50}, 1, sampling),
                new CompletionRequest("negative", new int[] {-1}, 1, sampling),
                request("good too", 6, 1, sampling)));

    // Then
    assertThat(completions.get(0).samples().getFirst().tokenIds()).hasSize(5);
    assertThat(completions.get(1).samples())
        .extracting(CompletionSample::finishReason, CompletionSample::detail)
        .containsOnly(
            tuple(
                StopReason.FAILED, "prompt: 65 tokens (expected: <= 64, the capacity of a slot)"));
    assertThat(completions.get(2).samples().getFirst().detail())
        .isEqualTo("prompt[1]: 50 (expected: a token id, 0 to 49)");
    assertThat(completions.get(3).samples().getFirst().finishReason()).isEqualTo(StopReason.FAILED);
    assertThat(completions.get(4).samples().getFirst().tokenIds()).hasSize(5);
  }

  @Test
  void shouldKeepWhatWasDrawnWhenTheDeadlinePasses() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest request = request("late", 4, 400, Sampling.at(1, 60, List.of(), 6));
    Completion whole = engine.submit(request).get();

    // When
    Completion cut = engine.submit(request.withDeadline(Instant.now().plusMillis(20))).get();

    // Then
    assertThat(cut.samples())
        .hasSize(400)
        .anyMatch(sample -> sample.finishReason() == StopReason.CANCELLED);
    for (CompletionSample sample : cut.samples()) {
      int[] all = whole.samples().get(sample.index()).tokenIds();
      assertThat(sample.tokenIds()).isEqualTo(Arrays.copyOf(all, sample.tokenIds().length));
    }
  }

  @Test
  void shouldCancelWhatWaitsWhenItsDeadlineHasPassed() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest request =
        request("late", 4, 2, Sampling.at(1, 60, List.of(), 6))
            .withDeadline(Instant.now().minusSeconds(1));

    // When
    Completion completion = engine.submit(request).get();

    // Then
    assertThat(completion.samples())
        .hasSize(2)
        .allSatisfy(
            sample -> {
              assertThat(sample.finishReason()).isEqualTo(StopReason.CANCELLED);
              assertThat(sample.tokenIds()).isEmpty();
            });
  }

  @Test
  void shouldFreeItsSlotsWhenTheCallerCancels() throws Exception {
    // Given
    engine.close();
    engine = OnnxEngine.start(SETTINGS.withRequestLimit(1));
    load(VERSION, SHAPE, 3);
    CompletableFuture<Completion> huge =
        engine.submit(request("huge", 4, 100_000, Sampling.at(1, 60, List.of(), 6)));
    CompletableFuture<Completion> refused =
        engine.submit(request("refused", 4, 1, Sampling.at(1, 5, List.of(), 6)));

    // When
    huge.cancel(false);

    // Then
    assertThatThrownBy(refused::get).hasMessageContaining("'refused' is one too many");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        engine
                            .submit(request("next", 4, 1, Sampling.at(1, 5, List.of(), 6)))
                            .get()
                            .samples())
                    .hasSize(1));
  }

  @Test
  void shouldHoldRequestsUntilAVersionIsCurrent() throws Exception {
    // Given
    CompletableFuture<Completion> early =
        engine.submit(request("early", 4, 1, Sampling.at(1, 5, List.of(), 6)));
    assertThat(engine.current()).isEmpty();

    // When
    load(VERSION, SHAPE, 3);

    // Then
    assertThat(early.get().version()).isEqualTo(VERSION);
  }

  @Test
  void shouldAnswerWithTheNamedVersionWhenSeveralAreOpen() throws Exception {
    // Given
    ReferenceInferenceDecoder first = load(VERSION, SHAPE, 3);
    ModelVersion other = new ModelVersion("tiny", "main", 2);
    Path otherDirectory = TinyModel.write(directory.resolve("other"), TinyModel.QWEN3, 4);
    assertThat(engine.load(other, otherDirectory).get()).isInstanceOf(LoadOutcome.Loaded.class);
    ReferenceInferenceDecoder second = new ReferenceInferenceDecoder(otherDirectory);
    Sampling sampling = Sampling.at(1, 20, List.of(), 6);
    CompletionRequest unnamed = request("unnamed", 4, 2, sampling);
    CompletionRequest named = unnamed.withVersion(other);

    // When
    List<Completion> completions = answers(List.of(unnamed, named, unnamed, named));

    // Then
    assertThat(completions)
        .extracting(Completion::version)
        .containsExactly(VERSION, other, VERSION, other);
    for (int i = 0; i < 4; i++) {
      for (CompletionSample sample : completions.get(i).samples()) {
        assertLogProbabilities(i % 2 == 0 ? first : second, unnamed, sample);
      }
    }
  }

  @Test
  void shouldFailARequestThatNamesAnUnknownVersion() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    CompletionRequest request =
        request("lost", 4, 1, Sampling.at(1, 5, List.of(), 6))
            .withVersion(ModelVersion.of("nobody"));

    // When
    CompletableFuture<Completion> answer = engine.submit(request);

    // Then
    assertThatThrownBy(answer::get)
        .hasCauseInstanceOf(EngineException.class)
        .hasMessageContaining(
            "'lost' names version nobody, which is not loaded (loaded: [tiny/main@1])");
  }

  @Test
  void shouldAnswerEachRequestByExactlyOneVersionWhenVersionsChangeMeanwhile() throws Exception {
    // Given
    int versions = 6;
    List<ReferenceInferenceDecoder> references = new ArrayList<>();
    for (int number = 0; number < versions; number++) {
      Path path = TinyModel.write(directory.resolve("v" + number), SHAPE, 100 + number);
      references.add(new ReferenceInferenceDecoder(path));
    }
    switchTo(0);
    List<CompletionRequest> requests = new ArrayList<>();
    List<CompletableFuture<Completion>> answers = new ArrayList<>();

    // When
    for (int number = 1; number < versions; number++) {
      for (int i = 0; i < 25; i++) {
        CompletionRequest request =
            request("r" + requests.size(), 3 + i % 20, 3, Sampling.at(1, 20, List.of(), i));
        requests.add(request);
        answers.add(engine.submit(request));
      }
      // At least one by the first version.
      answers.getFirst().get(30, TimeUnit.SECONDS);
      switchTo(number);
    }

    // Then
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      Completion completion = answers.get(i).get(30, TimeUnit.SECONDS);
      long number = completion.version().number();
      numbers.add(number);
      for (CompletionSample sample : completion.samples()) {
        assertLogProbabilities(references.get((int) number), requests.get(i), sample);
      }
    }
    assertThat(numbers).isSorted();
    assertThat(numbers.stream().distinct().count()).isGreaterThan(1);
    await()
        .untilAsserted(
            () ->
                assertThat(engine.loaded())
                    .containsExactly(new ModelVersion("tiny", "main", versions - 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "not a number", "other shape", "empty", "eight bits"})
  void shouldServeOnWhenANewVersionIsDamaged(String damage) throws Exception {
    // Given
    ReferenceInferenceDecoder reference = load(VERSION, SHAPE, 3);
    ModelVersion next = new ModelVersion("tiny", "main", 2);
    Path damaged = DamagedModel.write(directory.resolve("damaged"), damage);
    CompletionRequest request = request("r", 4, 2, Sampling.at(1, 20, List.of(), 6));

    // When
    LoadOutcome outcome = engine.switchTo(next, damaged).get();

    // Then
    assertThat(outcome)
        .isInstanceOfSatisfying(
            LoadOutcome.Rejected.class,
            refused -> assertThat(refused.reason()).contains(DamagedModel.expectedReason(damage)));
    Completion completion = engine.submit(request).get();
    assertThat(completion.version()).isEqualTo(VERSION);
    assertThat(engine.loaded()).containsExactly(VERSION);
    assertLogProbabilities(reference, request, completion.samples().getFirst());
  }

  @Test
  void shouldDrainAVersionBeforeItIsClosed() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    ModelVersion next = new ModelVersion("tiny", "main", 2);
    Path path = TinyModel.write(directory.resolve("next"), SHAPE, 4);
    engine.load(next, path).get();
    CompletableFuture<Completion> running =
        engine.submit(
            request("running", 4, 60, Sampling.at(1, 55, List.of(), 6)).withVersion(VERSION));

    // When
    engine.makeCurrent(next);
    CompletableFuture<Void> closed = engine.retire(VERSION);

    // Then
    assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
    assertThat(running).succeedsWithin(Duration.ofSeconds(1));
    assertThat(engine.loaded()).containsExactly(next);
    assertThatThrownBy(() -> engine.retire(next)).hasMessageContaining("not the current one");
    assertThatThrownBy(() -> engine.makeCurrent(VERSION)).hasMessageContaining("a loaded one");
  }

  @Test
  void shouldRefuseAVersionThatIsLoaded() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);

    // When
    LoadOutcome outcome = engine.load(VERSION, directory).get();

    // Then
    assertThat(outcome)
        .isEqualTo(
            new LoadOutcome.Rejected(
                VERSION, "this version is loaded, or still has running requests"));
  }

  @Test
  void shouldFailWhatRunsAndWaitsWhenItIsClosed() throws Exception {
    // Given
    load(VERSION, SHAPE, 3);
    List<CompletableFuture<Completion>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(engine.submit(request("r" + i, 40, 1_000, Sampling.at(1, 60, List.of(), i))));
    }

    // When
    engine.close();

    // Then
    for (CompletableFuture<Completion> answer : answers) {
      assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(EngineClosedException.class);
    }
    assertThat(engine.submit(request("after", 4, 1, Sampling.greedy(1, List.of()))))
        .isCompletedExceptionally();
    assertThat(engine.load(ModelVersion.of("x"), directory).get())
        .isInstanceOf(LoadOutcome.Rejected.class);
  }

  private ReferenceInferenceDecoder load(ModelVersion version, DecoderConfig config, long seed)
      throws Exception {
    Path path = TinyModel.write(directory.resolve("model"), config, seed);
    assertThat(engine.switchTo(version, path).get()).isInstanceOf(LoadOutcome.Loaded.class);
    return new ReferenceInferenceDecoder(path);
  }

  private void switchTo(int number) throws Exception {
    LoadOutcome outcome =
        engine
            .switchTo(new ModelVersion("tiny", "main", number), directory.resolve("v" + number))
            .get();
    assertThat(outcome).isInstanceOf(LoadOutcome.Loaded.class);
  }

  private List<Completion> answers(List<CompletionRequest> requests)
      throws InterruptedException, ExecutionException {
    List<CompletableFuture<Completion>> answers = requests.stream().map(engine::submit).toList();
    List<Completion> completions = new ArrayList<>();
    for (CompletableFuture<Completion> answer : answers) {
      completions.add(answer.get());
    }
    return completions;
  }

  private static CompletionRequest request(
      String id, int promptTokens, int samples, Sampling sampling) {
    return new CompletionRequest(
        id, TinyModel.tokens(SHAPE, promptTokens, promptTokens), samples, sampling);
  }

  private static void assertLogProbabilities(
      ReferenceInferenceDecoder reference, CompletionRequest request, CompletionSample sample) {
    double[] expected =
        reference.logProbabilities(
            request.promptTokenIds(), sample.tokenIds(), request.sampling().temperature());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) sample.logProbabilities()[i])
          .as("log-probability %d of sample %d of %s", i, sample.index(), request.id())
          .isCloseTo(expected[i], within(1e-4));
    }
  }

  /** Ways in which a checkpoint directory can be unusable. */
  private static final class DamagedModel {

    static Path write(Path path, String damage) throws IOException {
      var weights = TinyModel.weights(SHAPE, 9);
      switch (damage) {
        case "not a number" -> weights.put("model.norm.weight", norm(Float.NaN));
        case "other shape" ->
            weights.put("model.norm.weight", TensorData.floats(new long[] {3}, new float[3]));
        case "empty" -> {
          return Files.createDirectories(path);
        }
        case "eight bits" ->
            weights.put(
                "model.norm.weight",
                new TensorData(DataType.I8, new long[] {64}, ByteBuffer.allocate(64)));
        default -> {}
      }
      TinyModel.write(path, SHAPE, weights);
      if (damage.equals("truncated")) {
        Path file = path.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
      }
      return path;
    }

    static String expectedReason(String damage) {
      return switch (damage) {
        case "truncated" -> "within the";
        case "not a number" -> "logit NaN of token 0 (expected: finite)";
        case "other shape" -> "model.norm.weight: shape [3] (expected: [64] by config.json)";
        case "empty" -> "config.json: there is no such file";
        default -> "model.norm.weight: dtype I8 (expected: F32, F16 or BF16)";
      };
    }

    private static TensorData norm(float value) {
      float[] values = new float[64];
      Arrays.fill(values, value);
      return TensorData.floats(new long[] {64}, values);
    }
  }
}
