package io.urteil.worker.call;

import io.github.resilience4j.retry.Retry;

/** Executes attempts under a {@link Retry} and preserves interrupts of the calling thread. */
public final class Retrying {

  /** One attempt; the exception it throws decides about a retry. */
  @FunctionalInterface
  public interface Attempt<T, X extends Exception> {
    T make() throws InterruptedException, X;
  }

  private Retrying() {}

  /**
   * The result of the first attempt that succeeds.
   *
   * @throws X the error of the last attempt
   * @throws InterruptedException also when interrupted in the pause between two attempts, where the
   *     library itself throws the error of the last attempt
   */
  public static <T, X extends Exception> T call(Retry retry, Attempt<T, X> attempt)
      throws InterruptedException, X {
    try {
      return retry.executeCallable(attempt::make);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (Thread.interrupted()) {
        InterruptedException interrupted = new InterruptedException("while retrying");
        interrupted.initCause(e);
        throw interrupted;
      }
      @SuppressWarnings("unchecked") // an attempt throws X or an unchecked exception
      X error = (X) e;
      throw error;
    }
  }
}
