package io.urteil.worker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.chat.CallNotes;
import io.urteil.chat.UnavailableServerException;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.WorkOwner;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallGuardTest {

  private static final Delivery DELIVERY =
      new Delivery("judge-worker", new RecordPosition("rollouts", 0, 7), 1, 1);

  private final JudgeThreads threads = new JudgeThreads();
  private final Rollout rollout = TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0).build();
  private final Finding found = new Finding.Abstained("seen");

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void shouldGoOnTryingWhenAJudgeThrows() throws InterruptedException {
    // Given
    Scripted judge = new Scripted(new IllegalStateException("a"), new OutOfMemoryError("b"), found);

    // When
    CallGuard.Result<Finding> result = call(3, judge);

    // Then
    assertThat(result.outcome()).isEqualTo(new CallOutcome.Found<>(found));
    assertThat(result.tries()).isEqualTo(3);
  }

  @Test
  void shouldSayTheLastErrorWhenTheTriesAreSpent() throws InterruptedException {
    // Given
    Scripted judge = new Scripted(new IllegalStateException("a"), new IllegalStateException("b"));

    // When
    CallGuard.Result<Finding> result = call(2, judge);

    // Then
    assertThat(result.outcome())
        .isEqualTo(new CallOutcome.Failed<>("java.lang.IllegalStateException: b"));
    assertThat(result.tries()).isEqualTo(2);
  }

  @Test
  void shouldNotTryAgainWhenTheJudgeKnowsThatItCannotHelp() throws InterruptedException {
    // Given
    Scripted judge = new Scripted(new PermanentFailureException("no such format"), found);

    // When
    CallGuard.Result<Finding> result = call(5, judge);

    // Then
    assertThat(result.tries()).isEqualTo(1);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            CallOutcome.Failed.class,
            failed -> assertThat(failed.error()).endsWith("no such format"));
  }

  @Test
  void shouldGrantTheTimeThatTheJudgeItselfNames() throws InterruptedException {
    // Given
    PointwiseJudge stuck =
        new PointwiseJudge() {
          @Override
          public String version() {
            return "stuck";
          }

          @Override
          public Optional<Duration> timeLimit() {
            return Optional.of(Duration.ofMillis(50));
          }

          @Override
          public Finding judge(Rollout rollout) throws InterruptedException {
            Thread.sleep(Duration.ofMinutes(5));
            return found;
          }
        };

    // When
    CallGuard.Result<Finding> result = call(5, stuck);

    // Then
    assertThat(result.outcome()).isEqualTo(new CallOutcome.TimedOut<>("no finding within 50 ms"));
  }

  @Test
  void shouldFailWithTheLastErrorWhenThereIsNoTimeForAnotherPause() throws InterruptedException {
    // Given
    Scripted judge = new Scripted(new IllegalStateException("a"), found);
    CallSettings hurried = new CallSettings(3, Duration.ofMinutes(5), Duration.ofSeconds(30));

    // When
    CallGuard.Result<Finding> result =
        new CallGuard(hurried, threads)
            .call("j", judge, WorkOwner.NONE, DELIVERY, () -> judge.judge(rollout));

    // Then
    assertThat(result.outcome())
        .isEqualTo(new CallOutcome.Failed<>("java.lang.IllegalStateException: a"));
    assertThat(result.tries()).isEqualTo(1);
    assertThat(result.millis()).isLessThan(20_000);
  }

  @Test
  void shouldInterruptTheJudgeWhenTheCallerIsInterrupted() {
    // Given
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread caller = Thread.currentThread();
    Scripted judge = new Scripted(found);

    // Then
    assertThatThrownBy(
            () ->
                new CallGuard(settings(3), threads)
                    .call(
                        "j",
                        judge,
                        WorkOwner.NONE,
                        DELIVERY,
                        () -> {
                          caller.interrupt();
                          try {
                            Thread.sleep(Duration.ofMinutes(5));
                          } catch (InterruptedException e) {
                            interrupted.complete(true);
                          }
                          return found;
                        }))
        .isInstanceOf(InterruptedException.class);
    assertThat(interrupted).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldCountOnlyTheWorkOfACallAndNoWaitForRateLimits(long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    boolean tooLong = seed % 2 == 0;
    List<Integer> waits = random.ints(4, 100, 400).boxed().toList();
    AtomicInteger calls = new AtomicInteger();

    // When
    CallGuard.Result<Finding> result =
        limited(
            Duration.ofMillis(600),
            List.of(),
            () -> {
              int call = calls.getAndIncrement();
              CallNotes notes = CallNotes.current();
              notes.waiting(
                  () -> {
                    Thread.sleep(waits.get(call));
                    return call;
                  });
              if (call < 3) {
                throw new IllegalStateException("again");
              }
              Thread.sleep(tooLong ? 2_000 : 50);
              return found;
            });

    // Then
    assertThat(result.outcome())
        .isEqualTo(
            tooLong
                ? new CallOutcome.TimedOut<>(
                    "no finding within 600 ms; the last try failed:"
                        + " java.lang.IllegalStateException: again")
                : new CallOutcome.Found<>(found));
    assertThat(result.millis()).isGreaterThan(waits.stream().mapToInt(i -> i).sum());
  }

  @Test
  void shouldKeepTheLastFailureWhenTheTimeIsOver() throws InterruptedException {
    // Given
    AtomicInteger calls = new AtomicInteger();

    // When
    CallGuard.Result<Finding> result =
        limited(
            Duration.ofMillis(300),
            List.of(),
            () -> {
              if (calls.incrementAndGet() == 1) {
                throw new ConnectException("Connection refused");
              }
              Thread.sleep(Duration.ofMinutes(5));
              return found;
            });

    // Then
    assertThat(result.outcome())
        .isEqualTo(
            new CallOutcome.TimedOut<>(
                "no finding within 300 ms; the last try failed: java.net.ConnectException:"
                    + " Connection refused"));
  }

  @Test
  void shouldStartTheTimeLimitWhenTheCallLeavesTheQueue() throws Exception {
    // Given
    CallLimits.Share slot = new CallLimits.Share(new Capacity(1, null), 1);
    List<CompletableFuture<CallGuard.Result<Finding>>> calls = new ArrayList<>();

    // When
    for (int i = 0; i < 8; i++) {
      calls.add(
          CompletableFuture.supplyAsync(
              () ->
                  uninterrupted(
                      () ->
                          limited(
                              Duration.ofMillis(600),
                              List.of(slot),
                              () -> {
                                Thread.sleep(150);
                                return found;
                              })),
              task -> Thread.ofVirtual().start(task)));
    }

    // Then
    for (var call : calls) {
      assertThat(call.get(20, TimeUnit.SECONDS).outcome())
          .isEqualTo(new CallOutcome.Found<>(found));
    }
  }

  @Test
  void shouldHoldCallsWhileTheServerIsAwayAndLoseNoneWhenItIsBack() throws Exception {
    // Given
    ServerBreaker breaker = new ServerBreaker("http://judge");
    CallLimits.Share share = new CallLimits.Share(new Capacity(4, breaker), 1);
    AtomicBoolean away = new AtomicBoolean(true);
    AtomicInteger sent = new AtomicInteger();
    List<CompletableFuture<CallGuard.Result<Finding>>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      calls.add(
          CompletableFuture.supplyAsync(
              () ->
                  uninterrupted(
                      () ->
                          limited(
                              Duration.ofSeconds(5),
                              List.of(share),
                              () -> {
                                sent.incrementAndGet();
                                if (away.get()) {
                                  throw new UnavailableServerException("status 503");
                                }
                                return found;
                              })),
              task -> Thread.ofVirtual().start(task)));
    }
    await().until(() -> breaker.outage().isPresent());
    assertThat(breaker.outage())
        .hasValueSatisfying(
            outage -> assertThat(outage).contains("http://judge").contains("status 503"));
    Thread.sleep(2_000);

    // When
    assertThat(sent.get()).isLessThan(20);
    away.set(false);

    // Then
    for (var call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS).outcome())
          .isEqualTo(new CallOutcome.Found<>(found));
    }
    assertThat(breaker.outage()).isEmpty();
  }

  @Test
  void shouldFailWithTheCauseWhenTheServerIsAwayForTooLong() throws InterruptedException {
    // Given
    CallLimits.Share share = new CallLimits.Share(new Capacity(4, new ServerBreaker("x")), 1);
    CallLimits limits =
        new CallLimits(
            Optional.of(Duration.ofSeconds(5)), List.of(share), false, Duration.ofMillis(1_500));

    // When
    CallGuard.Result<Finding> result =
        new CallGuard(settings(4), threads)
            .call(
                "j",
                limits,
                () -> {
                  throw new UnavailableServerException("status 503");
                });

    // Then
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            CallOutcome.Failed.class, failed -> assertThat(failed.error()).contains("status 503"));
  }

  private interface Waiting<T> {
    T get() throws InterruptedException;
  }

  private static <T> T uninterrupted(Waiting<T> waiting) {
    try {
      return waiting.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private CallGuard.Result<Finding> limited(
      Duration limit, List<CallLimits.Share> shares, Callable<Finding> call)
      throws InterruptedException {
    return new CallGuard(settings(4), threads)
        .call("j", new CallLimits(Optional.of(limit), shares, false, Duration.ofMinutes(1)), call);
  }

  private CallGuard.Result<Finding> call(int tries, PointwiseJudge judge)
      throws InterruptedException {
    return new CallGuard(settings(tries), threads)
        .call("j", judge, WorkOwner.NONE, DELIVERY, () -> judge.judge(rollout));
  }

  private static CallSettings settings(int tries) {
    return new CallSettings(tries, Duration.ofMillis(1), Duration.ofSeconds(30));
  }

  /** Throws or returns one after the other. */
  private static final class Scripted implements PointwiseJudge {
    private final Deque<Object> script;

    Scripted(Object... script) {
      this.script = new ArrayDeque<>(List.of(script));
    }

    @Override
    public String version() {
      return "scripted";
    }

    @Override
    public Finding judge(Rollout rollout) throws Exception {
      return switch (script.remove()) {
        case Finding finding -> finding;
        case Exception exception -> throw exception;
        case Error error -> throw error;
        default -> throw new AssertionError("a finding or something to throw");
      };
    }
  }
}
