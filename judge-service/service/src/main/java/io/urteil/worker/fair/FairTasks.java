package io.urteil.worker.fair;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs tasks on the threads of an executor in the order of a {@link FairQueue}. The executor's own
 * queue holds only the right to run the next task. Thread-safe.
 */
public final class FairTasks {

  private final Executor executor;
  private final FairQueue<Runnable> queue = new FairQueue<>(Integer.MAX_VALUE);
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param executor runs as many tasks as it has threads, first come first served
   */
  public FairTasks(Executor executor) {
    this.executor = executor;
  }

  /** Runs the task when it is its owner's turn and a thread is free. */
  public void execute(WorkOwner owner, Runnable task) {
    lock.lock();
    try {
      queue.add(owner.name(), 1, task);
    } finally {
      lock.unlock();
    }
    executor.execute(this::runNext);
  }

  private void runNext() {
    FairQueue.Ticket<Runnable> ticket;
    lock.lock();
    try {
      ticket = queue.next().orElseThrow();
    } finally {
      lock.unlock();
    }
    try {
      ticket.start().run();
    } finally {
      lock.lock();
      try {
        queue.remove(ticket);
      } finally {
        lock.unlock();
      }
    }
  }
}
