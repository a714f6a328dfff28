package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallGuardTest {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Rollout rollout = TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0).build();
  private final Finding found = new Finding.Abstained("seen");

  @AfterEach
  void stop() {
    threads.shutdownNow();
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
    WorkerSettings hurried =
        new WorkerSettings(
            Duration.ofSeconds(30), 5, 10, 32, 3, Duration.ofMinutes(5), Duration.ofSeconds(30));

    // When
    CallGuard.Result<Finding> result =
        new CallGuard(hurried, threads).call(judge, () -> judge.judge(rollout));

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
                        judge,
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

  private CallGuard.Result<Finding> call(int tries, PointwiseJudge judge)
      throws InterruptedException {
    return new CallGuard(settings(tries), threads).call(judge, () -> judge.judge(rollout));
  }

  private static WorkerSettings settings(int tries) {
    return new WorkerSettings(
        Duration.ofSeconds(30), 5, 10, 32, tries, Duration.ofMillis(1), Duration.ofSeconds(30));
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
