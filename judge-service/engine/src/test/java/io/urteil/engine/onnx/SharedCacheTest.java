package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.urteil.engine.CacheShape;
import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.Sampling;
import io.urteil.engine.runtime.ResidentPages;
import io.urteil.model.DecoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences that share a cache with less memory than all slots. */
@Timeout(120)
class SharedCacheTest {

  private static final DecoderConfig SHAPE = TinyModel.QWEN2;
  private static final int CAPACITY = 256;
  private static final EngineSettings WHOLE = EngineSettings.of(16, CAPACITY).withPrefill(64, 16);
  private static final CacheShape CACHE = WHOLE.cacheShape(SHAPE);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  private TinyEngine engine(String name, double slots) throws Exception {
    return new TinyEngine(
        directory.resolve(name), SHAPE, WHOLE.withCache((long) (slots * CACHE.slotBytes())));
  }

  @Test
  void shouldBeginARequestWhenItNoLongerWaits() throws Exception {
    try (TinyEngine tiny = engine("begin", 1)) {
      // Given: the first needs the whole cache until it is cancelled.
      CompletionRequest endless =
          tiny.request("endless", 9, 1, Sampling.greedy(CAPACITY - 9, List.of()));
      CountDownLatch firstBegun = new CountDownLatch(1);
      CountDownLatch secondBegun = new CountDownLatch(1);
      CompletableFuture<Completion> first = tiny.engine().submit(endless, firstBegun::countDown);
      CompletableFuture<Completion> second =
          tiny.engine()
              .submit(
                  tiny.request("second", 9, 1, Sampling.greedy(CAPACITY - 9, List.of())),
                  () -> {
                    assertThat(first).isDone();
                    secondBegun.countDown();
                  });

      // When
      assertThat(firstBegun.await(60, TimeUnit.SECONDS)).isTrue();
      first.cancel(true);

      // Then
      assertThat(second.get(60, TimeUnit.SECONDS).samples()).hasSize(1);
      assertThat(secondBegun.getCount()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 3})
  void shouldDrawTheSameTokensWithinTheBudget(double slots) throws Exception {
    // Given
    List<CompletionRequest> requests = requests(new SplittableRandom(7), 60);
    List<Completion> expected;
    try (TinyEngine whole = new TinyEngine(directory.resolve("whole"), SHAPE, WHOLE)) {
      expected = whole.answers(requests);
    }
    boolean measured = ResidentPages.areListed();
    long reserved = CACHE.blocks() * 17 * CACHE.slotBlockBytes();

    // When
    List<Completion> completions;
    AtomicLong most = new AtomicLong();
    long shared;
    try (TinyEngine tiny = engine("shared", slots)) {
      AtomicBoolean done = new AtomicBoolean();
      Thread watcher =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (measured && !done.get()) {
                      most.accumulateAndGet(ResidentPages.bytes(reserved), Math::max);
                    }
                  });
      completions = tiny.answers(requests);
      done.set(true);
      watcher.join();
      shared = tiny.engine().statistics().sharedTokens();
    }

    // Then
    for (int i = 0; i < requests.size(); i++) {
      for (CompletionSample sample : expected.get(i).samples()) {
        CompletionSample same = completions.get(i).samples().get(sample.index());
        assertThat(same.tokenIds()).isEqualTo(sample.tokenIds());
        assertThat(same.finishReason()).isEqualTo(sample.finishReason());
        assertThat(same.logProbabilities())
            .containsExactly(sample.logProbabilities(), within(1e-4f));
      }
    }
    assertThat(shared).as("tokens of prefixes that were kept").isPositive();
    assumeThat(measured).as("/proc/self/smaps with flags").isTrue();
    // Beside the budget the staging slot, and a block of a sequence that moves.
    assertThat(most.get())
        .isPositive()
        .isLessThanOrEqualTo((long) ((slots + 1) * CACHE.slotBytes()) + CACHE.slotBlockBytes());
  }

  @Test
  void shouldRunAllSlotsAtOnceWhereShortSequencesFit() throws Exception {
    // Given: 16 sequences of 64 positions take the memory of four slots
    List<CompletionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      requests.add(request("r" + i, 30, 1, Sampling.at(1, 34, List.of(), i)));
    }

    // When
    long steps;
    try (TinyEngine tiny = engine("short", 4)) {
      tiny.answers(requests);
      steps = tiny.engine().statistics().decodeSteps();
    }

    // Then: whole slots would take four rounds of 33 steps
    assertThat(steps).isBetween(33L, 80L);
  }

  @Test
  void shouldNotStarveALongRequestBehindShortOnes() throws Exception {
    try (TinyEngine tiny = engine("fair", 1)) {
      // Given
      List<CompletableFuture<Completion>> before = shortRequests(tiny, 30);
      CompletableFuture<Completion> large =
          tiny.engine().submit(request("large", 200, 1, Sampling.at(1, 56, List.of(), 1)));
      List<CompletableFuture<Completion>> after = shortRequests(tiny, 2000);

      // When
      Completion completion = large.get(60, TimeUnit.SECONDS);

      // Then
      assertThat(completion.samples().getFirst().tokenIds()).hasSize(56);
      assertThat(after.stream().filter(CompletableFuture::isDone).count()).isLessThan(1000);
      for (CompletableFuture<Completion> future : before) {
        future.get(60, TimeUnit.SECONDS);
      }
      for (CompletableFuture<Completion> future : after) {
        future.get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void shouldStartTheSamplesOfARequestAsMemoryAllows() throws Exception {
    // Given: each sample takes a complete slot
    CompletionRequest request = request("many", 150, 12, Sampling.at(1, 100, List.of(), 3));
    Completion expected;
    try (TinyEngine whole = new TinyEngine(directory.resolve("whole"), SHAPE, WHOLE)) {
      expected = whole.answer(request);
    }

    // When
    Completion completion;
    try (TinyEngine tiny = engine("many", 2)) {
      completion = tiny.answer(request);
    }

    // Then
    for (CompletionSample sample : expected.samples()) {
      assertThat(completion.samples().get(sample.index()).tokenIds()).isEqualTo(sample.tokenIds());
    }
  }

  private static List<CompletableFuture<Completion>> shortRequests(TinyEngine tiny, int number) {
    List<CompletableFuture<Completion>> futures = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      futures.add(
          tiny.engine().submit(request("short" + i, 5, 1, Sampling.at(1, 20, List.of(), i))));
    }
    return futures;
  }

  /** Prompts of one beginning, with random lengths, samples and limits. */
  private static List<CompletionRequest> requests(SplittableRandom random, int number) {
    int[] beginning = TinyModel.tokens(SHAPE, CAPACITY, 1);
    List<CompletionRequest> requests = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      int length = random.nextBoolean() ? random.nextInt(1, 17) : random.nextInt(17, CAPACITY + 1);
      int common = Math.min(length, random.nextInt(4) * 40);
      int[] prompt = TinyModel.tokens(SHAPE, length, 100 + i);
      System.arraycopy(beginning, 0, prompt, 0, common);
      Sampling sampling = Sampling.at(0.8, random.nextInt(1, 120), List.of(1), random.nextLong());
      requests.add(
          new CompletionRequest(
              "r" + i, Arrays.copyOf(prompt, length), random.nextInt(1, 5), sampling));
    }
    return requests;
  }

  private static CompletionRequest request(
      String id, int promptTokens, int samples, Sampling sampling) {
    return new CompletionRequest(
        id, TinyModel.tokens(SHAPE, promptTokens, promptTokens), samples, sampling);
  }
}
