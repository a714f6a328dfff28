package io.urteil.engine.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A thread and its helpers, which share work in many equal pieces. Helpers are started with the
 * first shared work, and sleep between two works; a helper that wakes too late finds nothing left,
 * and no thread waits for it.
 *
 * <p>{@link #share} and {@link #close} must be called by one thread.
 */
public final class WorkerTeam implements AutoCloseable {

  /** Work in pieces. */
  interface Work {

    /**
     * Executes one piece.
     *
     * @param member the executing member, 0 for the calling thread; a member executes one piece at
     *     a time
     */
    void piece(int member, int number);
  }

  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("urteil-engine-helper-", 1).factory();

  private final int helpers;
  private final List<Thread> threads = new ArrayList<>();
  private final Semaphore wake = new Semaphore(0);
  private volatile @Nullable Shared current;
  private volatile boolean closed;

  /**
   * @param helpers threads besides the calling one; with 0 the calling thread does everything
   */
  public WorkerTeam(int helpers) {
    this.helpers = helpers;
  }

  /** Helpers, including the calling thread. */
  int members() {
    return helpers + 1;
  }

  /**
   * Executes the pieces 0 to {@code pieces - 1}, each once, and returns when all are done: their
   * writes are then visible here, and to the members that execute later pieces.
   *
   * @throws RuntimeException or Error, the first that a piece threw; the other pieces are executed
   *     anyway
   */
  void share(int pieces, Work work) {
    Shared shared = new Shared(work, pieces);
    int wanted = Math.min(helpers, pieces - 1);
    if (wanted > 0) {
      startHelpers();
      current = shared;
      wake.release(wanted);
    }
    shared.help(0);
    shared.await();
    current = null;
  }

  @Override
  public void close() {
    closed = true;
    wake.release(threads.size());
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    threads.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void startHelpers() {
    for (int member = threads.size() + 1; member <= helpers; member++) {
      int number = member;
      Thread thread = THREADS.newThread(() -> help(number));
      threads.add(thread);
      thread.start();
    }
  }

  private void help(int member) {
    while (true) {
      wake.acquireUninterruptibly();
      if (closed) {
        return;
      }
      Shared shared = current;
      if (shared != null) {
        shared.help(member);
      }
    }
  }

  /** The pieces of one call. */
  private static final class Shared {

    private final Work work;
    private final int pieces;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final Semaphore finished = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

    Shared(Work work, int pieces) {
      this.work = work;
      this.pieces = pieces;
    }

    /** Executes pieces until none is left. */
    void help(int member) {
      for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
        try {
          work.piece(member, piece);
        } catch (RuntimeException | Error e) {
          thrown.compareAndSet(null, e);
        }
        if (done.incrementAndGet() == pieces) {
          finished.release();
        }
      }
    }

    void await() {
      if (pieces > 0) {
        finished.acquireUninterruptibly();
      }
      switch (thrown.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {}
      }
    }
  }
}
