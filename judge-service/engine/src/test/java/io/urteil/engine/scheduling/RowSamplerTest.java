package io.urteil.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.onnx.TinyEngine;
import io.urteil.engine.onnx.TinyModel;
import io.urteil.engine.runtime.Logits;
import io.urteil.engine.runtime.TopTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class RowSamplerTest {

  private static final int STEPS = 6;
  private static final int CAPACITY = 64;

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldDrawTheSameToTheBitWhoeverDraws(
      @ForAll @IntRange(min = 1, max = 33) int rows,
      @ForAll @IntRange(min = 2, max = 3000) int vocabulary,
      @ForAll long seed) {
    // Given
    try (WorkerTeam crew = new WorkerTeam(3);
        WorkerTeam alone = new WorkerTeam(0)) {
      // When
      List<CompletionSample> shared =
          samples(new RowSampler(crew, vocabulary, CAPACITY, 0), rows, vocabulary, seed);
      List<CompletionSample> serial =
          samples(new RowSampler(alone, vocabulary, CAPACITY), rows, vocabulary, seed);

      // Then
      assertThat(shared).isEqualTo(serial);
    }
  }

  @Example
  void shouldKeepAFailureToItsRow() {
    // Given: rows 0, 3, 6 … have a grammar that throws
    int vocabulary = 500;
    SampleInFlight[] samples = new SampleInFlight[12];
    for (int row = 0; row < samples.length; row++) {
      samples[row] =
          sample(row, Sampling.at(1, 9, List.of(), row), row % 3 == 0 ? new Broken() : null);
    }
    CompletionSample[] ended = new CompletionSample[samples.length];
    try (WorkerTeam crew = new WorkerTeam(2)) {
      // When
      new RowSampler(crew, vocabulary, CAPACITY, 0)
          .draw(logits(samples.length, vocabulary, 4), samples.length, samples, ended);
    }

    // Then
    for (int row = 0; row < samples.length; row++) {
      if (row % 3 == 0) {
        assertThat(ended[row].finishReason()).isEqualTo(StopReason.FAILED);
        assertThat(ended[row].detail())
            .startsWith("grammar 'broken' failed: ")
            .contains("on purpose");
      } else {
        assertThat(ended[row]).isNull();
        assertThat(samples[row].lastToken()).isBetween(0, vocabulary - 1);
      }
    }
  }

  @Example
  void shouldShareLargeStepsAloneAndLeaveNoThreadBehind() throws Exception {
    // Given: two vocabularies, either side of what is worth sharing with 32 rows
    int worth = RowSampler.WORTH_SHARING / 32;
    for (int vocabulary : new int[] {worth - 1, worth}) {
      Path directory = Files.createTempDirectory("row-draws");
      var shape = TinyModel.config("qwen2", 32, 32, 1, 2, 1, 16, vocabulary, true);
      EngineSettings settings = EngineSettings.of(32, 32).withThreads(2);
      long helpers;
      try (TinyEngine tiny = new TinyEngine(directory, shape, settings)) {
        // When
        CompletionRequest request = tiny.request("r", 4, 32, Sampling.at(1, 8, List.of(), 5));
        Completion completion = tiny.answer(request);
        helpers = WorkerTeamTest.helpers();

        // Then
        completion.samples().forEach(sample -> tiny.assertLogProbabilities(request, sample));
      }
      assertThat(helpers).isEqualTo(vocabulary < worth ? 0 : 1);
      assertThat(WorkerTeamTest.helpers()).isZero();
    }
  }

  /** Draws some steps for samples of every kind and ends them. */
  private static List<CompletionSample> samples(
      RowSampler draws, int rows, int vocabulary, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SampleInFlight[] samples = new SampleInFlight[rows];
    for (int row = 0; row < rows; row++) {
      Sampling sampling =
          switch (random.nextInt(5)) {
            case 0 -> Sampling.greedy(STEPS, List.of());
            case 1 -> new Sampling(0.8, 0.9, 0, STEPS, List.of(), random.nextLong());
            case 2 -> new Sampling(1.2, 1, 20, STEPS, List.of(1), random.nextLong());
            case 3 -> Sampling.at(1, STEPS, List.of(), random.nextLong()).withMinP(0.05);
            default -> Sampling.at(1, STEPS, List.of(), random.nextLong());
          };
      samples[row] = sample(row, sampling, null);
    }
    List<CompletionSample> all = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      @Nullable CompletionSample[] ended = new CompletionSample[rows];
      draws.draw(logits(rows, vocabulary, seed + step), rows, samples, ended);
      for (int row = 0; row < rows; row++) {
        if (ended[row] != null) {
          all.add(ended[row]);
          samples[row] = sample(row, Sampling.at(1, STEPS, List.of(), seed), null);
        }
      }
    }
    for (SampleInFlight sample : samples) {
      all.add(sample.end(StopReason.LENGTH, ""));
    }
    return all;
  }

  private static SampleInFlight sample(int row, Sampling sampling, @Nullable Grammar grammar) {
    CompletionRequest request = new CompletionRequest("r" + row, new int[] {1, 2}, 1, sampling);
    return new RequestInFlight(
            grammar == null ? request : request.withGrammar(grammar), row, null, () -> {})
        .start();
  }

  private static Logits logits(int rows, int vocabulary, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FloatBuffer values =
        ByteBuffer.allocateDirect(4 * rows * vocabulary)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < rows * vocabulary; i++) {
      values.put(i, (float) (8 * random.nextDouble()));
    }
    return new AtHand(values);
  }

  private record AtHand(FloatBuffer rows) implements Logits {
    @Override
    public FloatBuffer block(int row, int block) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable TopTokens top() {
      return null;
    }
  }

  private static final class Broken implements Grammar {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Cursor start(int[] promptTokenIds) {
      return new Cursor() {
        @Override
        public AllowedTokens choice() {
          throw new IllegalStateException("on purpose");
        }

        @Override
        public void accept(int token) {}
      };
    }
  }
}
