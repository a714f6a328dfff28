package io.urteil.worker.call;

import static java.util.Objects.requireNonNull;

import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.chat.CallNotes;
import io.urteil.chat.UnavailableServerException;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.worker.crash.CrashGuard;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.FairPlaces;
import io.urteil.worker.fair.WorkOwner;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls a judge. The life of a call:
 *
 * <ol>
 *   <li>It waits while a server that it needs does not respond, at most for the time of its {@link
 *       CallLimits#hold}.
 *   <li>It waits for its share of the judge's {@link Capacity}, in the queue of its owner.
 *   <li>It waits until it may run beside the others, if it ran when the process ended; see {@link
 *       CrashGuard}.
 *   <li>It starts, and with it the time limit, which does not include waits for rate limits. Failed
 *       tries are repeated; the pauses between them double, with jitter.
 *   <li>If the server proved unavailable and is now considered so, the call starts again at the
 *       first step. This is no failed try.
 * </ol>
 *
 * Thread-safe.
 */
public final class CallGuard {

  private static final double MULTIPLIER = 2;
  private static final double JITTER = 0.5;
  private static final long NO_MORE_TRIES = -1;

  /**
   * The result of a call.
   *
   * @param outcome of the last try
   * @param tries number of calls of the judge
   * @param millis duration of all tries and pauses
   */
  public record Result<T>(CallOutcome<T> outcome, int tries, long millis) {}

  private final CallSettings settings;
  private final JudgeThreads threads;
  private final CrashGuard crashes;
  private final IntervalFunction backOff;

  /** Without protection from calls that end the process, for calls that are about no record. */
  public CallGuard(CallSettings settings, JudgeThreads threads) {
    this(settings, threads, CrashGuard.none(Integer.MAX_VALUE));
  }

  public CallGuard(CallSettings settings, JudgeThreads threads, CrashGuard crashes) {
    this.settings = settings;
    this.threads = threads;
    this.crashes = crashes;
    this.backOff =
        IntervalFunction.ofExponentialRandomBackoff(
            Math.max(1, settings.backOff().toMillis()), MULTIPLIER, JITTER);
  }

  /** Calls the judge about one rollout. */
  public <T> Result<T> call(
      String name, Judge judge, WorkOwner owner, Delivery delivery, Callable<T> call)
      throws InterruptedException {
    return call(name, judge, 1, owner, delivery, call);
  }

  /**
   * Runs the call on a thread for judges and waits for the outcome.
   *
   * @param name of the judge, for messages
   * @param candidates number of rollouts that it judges together
   * @param owner of the record that it judges
   * @param delivery of that record
   */
  public <T> Result<T> call(
      String name,
      Judge judge,
      int candidates,
      WorkOwner owner,
      Delivery delivery,
      Callable<T> call)
      throws InterruptedException {
    return call(
        name,
        judge instanceof CallLimits.Limited limited
            ? limited.limits(candidates)
            : new CallLimits(judge.timeLimit(), List.of(), false, Duration.ZERO),
        owner,
        delivery,
        call);
  }

  /** As the others, with these limits and about no record. */
  public <T> Result<T> call(String name, CallLimits limits, Callable<T> call)
      throws InterruptedException {
    return call(name, limits, WorkOwner.NONE, null, call);
  }

  private <T> Result<T> call(
      String name,
      CallLimits limits,
      WorkOwner owner,
      @Nullable Delivery delivery,
      Callable<T> call)
      throws InterruptedException {
    List<ServerBreaker> servers =
        limits.capacities().stream().flatMap(one -> one.capacity().breaker().stream()).toList();
    Attempts<T> attempts = new Attempts<>(name, owner, delivery, call, limits, !servers.isEmpty());
    long holdEnd = System.nanoTime() + limits.hold().toNanos();
    int failures = 0;
    while (true) {
      ServerPasses passes = ServerPasses.take(servers, holdEnd);
      if (passes.outage().isPresent()) {
        return attempts.result(new CallOutcome.Failed<>(passes.outage().get()));
      }
      Optional<CallOutcome<T>> outcome;
      try {
        outcome = attempts.withinCapacity(passes);
      } finally {
        passes.report(attempts.unavailable, attempts.responded);
      }
      if (outcome.isEmpty()) {
        continue;
      }
      if (attempts.unavailable == null || servers.isEmpty()) {
        return attempts.result(outcome.get());
      }
      if (servers.stream().noneMatch(ServerBreaker::isOpen)) {
        if (++failures >= settings.tries()) {
          return attempts.result(outcome.get());
        }
        Thread.sleep(backOff.apply(failures));
      }
    }
  }

  /** All attempts of one call. */
  private final class Attempts<T> {
    private final String name;
    private final WorkOwner owner;
    private final @Nullable Delivery delivery;
    private final Callable<T> call;
    private final List<CallLimits.Share> capacities;
    private final Duration limit;
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicLong millis = new AtomicLong();
    private final boolean computes;
    private final boolean held;
    private @Nullable Throwable unavailable;
    private boolean responded;

    Attempts(
        String name,
        WorkOwner owner,
        @Nullable Delivery delivery,
        Callable<T> call,
        CallLimits limits,
        boolean held) {
      this.name = name;
      this.owner = owner;
      this.delivery = delivery;
      this.call = call;
      this.capacities = limits.capacities();
      this.computes = limits.computes();
      this.held = held;
      this.limit = limits.timeLimit().orElse(settings.timeLimit());
    }

    Result<T> result(CallOutcome<T> outcome) {
      return new Result<>(outcome, tries.get(), millis.get());
    }

    /** Empty when a server stopped responding while the call was queued. */
    Optional<CallOutcome<T>> withinCapacity(ServerPasses passes) throws InterruptedException {
      List<FairPlaces.Held> acquired = new ArrayList<>();
      unavailable = null;
      responded = false;
      try {
        for (CallLimits.Share share : capacities) {
          acquired.add(share.capacity().acquire(owner, share.permits()));
        }
        return passes.areStale() ? Optional.empty() : Optional.of(repeated());
      } finally {
        acquired.forEach(FairPlaces.Held::close);
      }
    }

    private CallOutcome<T> repeated() throws InterruptedException {
      CallNotes notes = new CallNotes();
      Clock clock = new Clock(limit, notes);
      try {
        return Retrying.call(
            Retry.of("judge", retries(clock, held)),
            () -> {
              tries.incrementAndGet();
              CallOutcome<T> outcome = attempt(clock, notes);
              responded = outcome instanceof CallOutcome.Found;
              return outcome;
            });
      } catch (ExecutionException e) {
        Throwable cause = cause(e);
        unavailable = outage(cause);
        responded = unavailable == null;
        return new CallOutcome.Failed<>(cause.toString());
      } finally {
        millis.addAndGet(clock.elapsedMillis());
      }
    }

    private CallOutcome<T> attempt(Clock clock, CallNotes notes)
        throws InterruptedException, ExecutionException {
      if (delivery == null) {
        return attempt(clock, notes, () -> notes.noted(call));
      }
      Delivery judged = delivery;
      try (CrashGuard.Entry entry = notes.waiting(() -> crashes.enter(judged, name))) {
        return attempt(clock, notes, () -> entry.run(() -> notes.noted(call)));
      }
    }

    private CallOutcome<T> attempt(Clock clock, CallNotes notes, Callable<T> started)
        throws InterruptedException, ExecutionException {
      JudgeThreads.Running<T> running =
          computes
              ? threads.startComputing(name, owner, clock::start, started)
              : threads.start(name, clock::start, started);
      try {
        return new CallOutcome.Found<>(requireNonNull(clock.await(running.result())));
      } catch (ExecutionException e) {
        notes.note(cause(e));
        throw e;
      } catch (TimeoutException e) {
        running.abandon();
        Optional<Throwable> last = notes.lastFailure();
        unavailable = last.map(CallGuard::outage).orElse(null);
        return new CallOutcome.TimedOut<>(
            "no finding within %d ms".formatted(limit.toMillis())
                + last.map(failure -> "; the last try failed: " + reason(failure)).orElse(""));
      } catch (InterruptedException e) {
        running.abandon();
        throw e;
      }
    }
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof UnavailableServerException && message != null
        ? message
        : failure.toString();
  }

  /** The time of one call and its retries, from the start of the first try. Thread-safe. */
  private static final class Clock {
    private static final long SHORTEST_AWAIT = TimeUnit.MILLISECONDS.toNanos(5);

    private final long limitNanos;
    private final CallNotes notes;
    private final AtomicLong started = new AtomicLong();
    private volatile long waitedBefore;

    Clock(Duration limit, CallNotes notes) {
      this.limitNanos = limit.toNanos();
      this.notes = notes;
    }

    void start() {
      if (started.get() == 0) {
        waitedBefore = notes.waitedNanos();
        started.compareAndSet(0, Math.max(1, System.nanoTime()));
      }
    }

    long elapsedMillis() {
      return started.get() == 0 ? 0 : (System.nanoTime() - started.get()) / 1_000_000;
    }

    /** The time left; all of it while the first try is queued. */
    long leftNanos() {
      long start = started.get();
      if (start == 0) {
        return limitNanos;
      }
      long waited = notes.waitedNanos() - waitedBefore;
      return Math.max(0, start + limitNanos + waited - System.nanoTime());
    }

    <T> T await(Future<T> result)
        throws InterruptedException, ExecutionException, TimeoutException {
      while (true) {
        try {
          return result.get(Math.max(leftNanos(), SHORTEST_AWAIT), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (leftNanos() == 0) {
            throw e;
          }
        }
      }
    }
  }

  /** No retry if its pause would end after the deadline: the outcome is then a failure. */
  private RetryConfig retries(Clock clock, boolean held) {
    IntervalBiFunction<Object> pause =
        (tries, outcome) -> {
          long millis = backOff.apply(tries);
          long left = clock.leftNanos() / 1_000_000;
          return millis > left ? NO_MORE_TRIES : millis;
        };
    return RetryConfig.custom()
        .maxAttempts(settings.tries())
        .intervalBiFunction(pause)
        .retryOnException(
            e ->
                e instanceof ExecutionException failed
                    && !(cause(failed) instanceof PermanentFailureException)
                    && !(held && outage(cause(failed)) != null))
        .build();
  }

  /** The cause that shows that a server does not respond; null without one. */
  private static @Nullable Throwable outage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnavailableServerException || cause instanceof ConnectException) {
        return cause;
      }
    }
    return null;
  }

  private static Throwable cause(ExecutionException failed) {
    return failed.getCause() == null ? failed : failed.getCause();
  }
}
