package io.urteil.trainer.policy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The only platform thread that may access tensors: libtorch keeps gradient mode and thread counts
 * per thread.
 */
final class TrainerThread implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("trainer").daemon().factory());

  /**
   * Runs the work on the thread and waits for it. An interrupt does not stop started work; it is
   * kept for the caller's next blocking call.
   */
  <T> T call(Callable<T> work) {
    Future<T> future = executor.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException("work on the trainer thread", e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
