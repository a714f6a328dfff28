package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.Device;
import io.urteil.engine.Device.Kind;
import io.urteil.engine.Device.Numbers;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.grammar.Grammar;
import io.urteil.model.DecoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine of graphics cards, with the processor as its device, against the ordinary one. */
class BoundEngineTest {

  /** More tokens than a device gives back of a row. */
  private static final DecoderConfig SHAPE = shape(300);

  private static final EngineSettings ORDINARY =
      EngineSettings.of(5, 96).withPrefill(48, 16).withFixedShape(true);
  private static final EngineSettings BOUND =
      ORDINARY.withDevice(new Device(Kind.BOUND_CPU, 0, Numbers.F32));
  private static final ModelVersion VERSION = new ModelVersion("tiny", "main", 1);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {300, 40})
  void shouldDrawTheSameTokensWithTheSameLogProbabilitiesAsTheOrdinaryEngine(int vocabulary)
      throws Exception {
    // Given
    DecoderConfig shape = shape(vocabulary);
    TinyModel.write(directory, shape, 3);
    List<CompletionRequest> requests = requests(shape);

    // When
    List<Completion> bound = answers(BOUND, requests);

    // Then
    List<Completion> ordinary = answers(ORDINARY, requests);
    for (int request = 0; request < requests.size(); request++) {
      for (int sample = 0; sample < requests.get(request).samples(); sample++) {
        CompletionSample theirs = bound.get(request).samples().get(sample);
        CompletionSample ours = ordinary.get(request).samples().get(sample);
        String where = requests.get(request).id() + ", sample " + sample;
        assertThat(theirs.tokenIds()).as(where).isEqualTo(ours.tokenIds());
        assertThat(theirs.finishReason()).as(where).isEqualTo(ours.finishReason());
        assertThat(theirs.forced()).as(where).isEqualTo(ours.forced());
        for (int i = 0; i < ours.logProbabilities().length; i++) {
          assertThat(theirs.logProbabilities()[i])
              .as(where)
              .isCloseTo(ours.logProbabilities()[i], within(1e-4f));
        }
      }
    }
  }

  @Test
  void shouldGiveTheReferencesLogProbabilitiesInBatchesOfAnyShape() throws Exception {
    // Given
    ReferenceInferenceDecoder reference =
        new ReferenceInferenceDecoder(TinyModel.write(directory, SHAPE, 3));
    List<CompletionRequest> requests =
        IntStream.range(0, 24)
            .mapToObj(i -> request("r" + i, 2 + 2 * i, 2, Sampling.at(1, 4 + i, List.of(), i)))
            .toList();

    // When
    List<Completion> completions = answers(BOUND.withFixedShape(false), requests);

    // Then
    for (int request = 0; request < requests.size(); request++) {
      for (CompletionSample sample : completions.get(request).samples()) {
        double[] expected =
            reference.logProbabilities(
                requests.get(request).promptTokenIds(), sample.tokenIds(), 1);
        assertThat(expected).hasSize(4 + request);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) sample.logProbabilities()[i]).isCloseTo(expected[i], within(1e-4));
        }
      }
    }
  }

  @Test
  void shouldStayNearTheReferenceInHalfPrecision() throws Exception {
    // Given
    ReferenceInferenceDecoder reference =
        new ReferenceInferenceDecoder(TinyModel.write(directory, SHAPE, 3));
    EngineSettings half = ORDINARY.withDevice(new Device(Kind.BOUND_CPU, 0, Numbers.F16));
    CompletionRequest request = request("half", 20, 3, Sampling.at(1, 30, List.of(), 5));

    // When
    Completion completion = answers(half, List.of(request)).getFirst();

    // Then
    for (CompletionSample sample : completion.samples()) {
      double[] expected =
          reference.logProbabilities(request.promptTokenIds(), sample.tokenIds(), 1);
      assertThat(expected).hasSize(30);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) sample.logProbabilities()[i]).isCloseTo(expected[i], within(0.05));
      }
    }
  }

  @Test
  void shouldRefuseACardWhereTheBuildHasNoProviderForIt() throws Exception {
    // Given
    TinyModel.write(directory, SHAPE, 3);
    try (OnnxEngine engine =
        OnnxEngine.start(ORDINARY.withDevice(Device.parse("cuda:1", "bf16")))) {

      // When
      LoadOutcome outcome = engine.load(VERSION, directory).get(60, TimeUnit.SECONDS);

      // Then
      assertThat(outcome).isInstanceOf(LoadOutcome.Rejected.class);
      assertThat(((LoadOutcome.Rejected) outcome).reason())
          .contains("cuda:1", "no CUDA provider", "-Pcuda");
    }
  }

  /** Prompts short and long, some that share their beginning; every kind of sampling. */
  private static List<CompletionRequest> requests(DecoderConfig shape) {
    List<Integer> stop = List.of(7);
    List<Sampling> samplings =
        List.of(
            Sampling.at(1, 30, stop, 1),
            Sampling.at(0.6, 30, stop, 2),
            Sampling.greedy(30, stop),
            new Sampling(0.6, 0.95, 20, 30, stop, 3),
            new Sampling(1.3, 1, 40, 30, stop, 4),
            new Sampling(0.8, 0.7, 0, 30, stop, 5),
            new Sampling(1, 0.3, 0, 30, stop, 6),
            new Sampling(1, 1, 200, 30, stop, 7),
            Sampling.at(1, 30, stop, 8).withMinP(0.2),
            new Sampling(0.9, 0.9, 50, 30, stop, 9).withRepetitionPenalty(1.3));
    List<CompletionRequest> requests = new ArrayList<>();
    for (Sampling sampling : samplings) {
      for (int prompt : new int[] {3, 40}) {
        String id = prompt + " tokens, " + sampling;
        requests.add(request(shape, id, prompt, 3, sampling));
        requests.add(
            request(shape, "grammar, " + id, prompt, 2, sampling).withGrammar(new EveryThird()));
      }
    }
    return requests;
  }

  private static CompletionRequest request(
      String id, int promptTokens, int samples, Sampling sampling) {
    return request(SHAPE, id, promptTokens, samples, sampling);
  }

  private static CompletionRequest request(
      DecoderConfig shape, String id, int promptTokens, int samples, Sampling sampling) {
    return new CompletionRequest(id, TinyModel.tokens(shape, promptTokens, 1), samples, sampling);
  }

  private static DecoderConfig shape(int vocabulary) {
    return TinyModel.config("qwen3", 48, 64, 2, 4, 2, 16, vocabulary, false);
  }

  private List<Completion> answers(EngineSettings settings, List<CompletionRequest> requests)
      throws Exception {
    try (OnnxEngine engine = OnnxEngine.start(settings)) {
      assertThat(engine.switchTo(VERSION, directory).get(60, TimeUnit.SECONDS))
          .isInstanceOf(LoadOutcome.Loaded.class);
      List<CompletableFuture<Completion>> answers = requests.stream().map(engine::submit).toList();
      List<Completion> completions = new ArrayList<>();
      for (CompletableFuture<Completion> answer : answers) {
        completions.add(answer.get(60, TimeUnit.SECONDS));
      }
      return completions;
    }
  }

  /** Bans every third token, then lists a few, turn by turn; may end after ten. */
  private static final class EveryThird implements Grammar {

    private static final int[] THIRDS = IntStream.range(0, 100).map(i -> 3 * i).toArray();

    @Override
    public String name() {
      return "every-third";
    }

    @Override
    public Cursor start(int[] promptTokenIds) {
      return new Cursor() {
        private int drawn;

        @Override
        public AllowedTokens choice() {
          return drawn % 5 == 4
              ? AllowedTokens.only(new int[] {11, 12, 250}, drawn > 10, false)
              : AllowedTokens.allBut(THIRDS, drawn > 10);
        }

        @Override
        public void accept(int token) {
          drawn++;
        }
      };
    }
  }
}
