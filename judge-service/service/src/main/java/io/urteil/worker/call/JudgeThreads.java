package io.urteil.worker.call;

import io.urteil.worker.fair.FairTasks;
import io.urteil.worker.fair.WorkOwner;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads for the calls of judges. A judge that computes occupies its own thread and never
 * the carriers of the virtual threads, which notice its time limit, renew locks and serve other
 * runs. A call that ignores its interruption is abandoned: another thread replaces its own, which
 * counts as lost until the call ends. Thread-safe.
 */
public final class JudgeThreads implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int MOST_LOST = 16;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("judge-", 0).factory());
  private final Map<String, Processors> computing = new ConcurrentHashMap<>();
  private final Map<Thread, String> running = new ConcurrentHashMap<>();
  private final Set<Abandoned> abandoned = ConcurrentHashMap.newKeySet();
  private final int mostLost;
  private final Duration grace;

  /** Tolerates 16 lost threads. */
  public JudgeThreads() {
    this(MOST_LOST, GRACE);
  }

  /**
   * @param mostLost number of lost threads that are tolerated
   * @param grace time to react to the interruption
   */
  JudgeThreads(int mostLost, Duration grace) {
    this.mostLost = mostLost;
    this.grace = grace;
  }

  /** A call whose caller no longer waits. */
  private record Abandoned(Thread thread, String judge, long sinceNanos) {}

  /** A running call. */
  final class Running<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final String judge;
    private boolean ended;
    private boolean cancelled;
    private @Nullable Thread thread;
    private @Nullable Abandoned entry;

    private final @Nullable Processors pool;

    private Running(String judge, @Nullable Processors pool) {
      this.judge = judge;
      this.pool = pool;
    }

    CompletableFuture<T> result() {
      return result;
    }

    private void run(Runnable onStart, Callable<T> call) {
      synchronized (this) {
        if (cancelled) {
          return;
        }
        thread = Thread.currentThread();
      }
      running.put(Thread.currentThread(), judge);
      try {
        onStart.run();
        result.complete(call.call());
      } catch (Throwable e) { // also an Error of a judge fails this call only
        result.completeExceptionally(e);
      } finally {
        end();
      }
    }

    private synchronized void end() {
      ended = true;
      running.remove(Thread.currentThread());
      if (entry != null) {
        abandoned.remove(entry);
        if (pool != null) {
          pool.shrink();
        }
      }
      // An interruption that came too late must not reach the next call on this thread.
      Thread.interrupted();
    }

    /** Interrupts the call; the caller no longer waits for it. */
    synchronized void abandon() {
      cancelled = true;
      if (thread != null && !ended) {
        entry = new Abandoned(thread, judge, System.nanoTime());
        abandoned.add(entry);
        if (pool != null) {
          pool.grow();
        }
        thread.interrupt();
      }
    }
  }

  /**
   * Starts the call on a thread of its own.
   *
   * @param onStart runs on that thread before the call
   */
  <T> Running<T> start(String judge, Runnable onStart, Callable<T> call) {
    Running<T> running = new Running<>(judge, null);
    threads.execute(() -> running.run(onStart, call));
    return running;
  }

  /**
   * As {@link #start}, in the fair queues for the threads of a judge that only computes.
   *
   * @param owner of the record that it judges
   */
  <T> Running<T> startComputing(String judge, WorkOwner owner, Runnable onStart, Callable<T> call) {
    Processors pool = computing.computeIfAbsent(judge, name -> new Processors());
    Running<T> running = new Running<>(judge, pool);
    pool.tasks.execute(owner, () -> running.run(onStart, call));
    return running;
  }

  /** As many threads as processors, and one more for each abandoned call. Thread-safe. */
  private static final class Processors extends ThreadPoolExecutor {
    private final FairTasks tasks = new FairTasks(this);

    Processors() {
      super(
          Runtime.getRuntime().availableProcessors(),
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("judge-computing-", 0).factory());
      allowCoreThreadTimeOut(true);
    }

    synchronized void grow() {
      setCorePoolSize(getCorePoolSize() + 1);
    }

    synchronized void shrink() {
      setCorePoolSize(getCorePoolSize() - 1);
    }
  }

  /** Number of calls that have not ended, lost ones included. */
  int running() {
    return running.size();
  }

  /** The judge that a thread runs now; empty for other threads. */
  public Optional<String> judgeOn(Thread thread) {
    return Optional.ofNullable(running.get(thread));
  }

  /** Number of threads whose calls did not end within five seconds of their interruption. */
  public int lost() {
    return (int) abandoned.stream().filter(this::isLost).count();
  }

  private boolean isLost(Abandoned call) {
    return System.nanoTime() - call.sinceNanos() > grace.toNanos();
  }

  /**
   * Checks the number of lost threads.
   *
   * @throws IllegalStateException when they are too many; names their judges
   */
  public void check() {
    if (lost() > mostLost) {
      throw new IllegalStateException(
          "%d threads lost to judges that do not end after their time limit: %s (expected: at most %d)"
              .formatted(
                  lost(),
                  abandoned.stream().filter(this::isLost).map(Abandoned::judge).distinct().toList(),
                  mostLost));
    }
  }

  /** Interrupts all calls and does not wait for them. */
  @Override
  public void close() {
    threads.shutdownNow();
    computing.values().forEach(ExecutorService::shutdownNow);
  }
}
