package io.urteil.worker;

import io.github.resilience4j.retry.Retry;

/** Makes attempts by the rules of a {@link Retry}, for callers that may be interrupted. */
final class Retrying {

  /** One attempt; what it throws decides whether there is another. */
  @FunctionalInterface
  interface Attempt<T, X extends Exception> {
    T make() throws InterruptedException, X;
  }

  private Retrying() {}

  /**
   * The result of the first attempt that succeeds.
   *
   * @throws X the error of the last attempt
   * @throws InterruptedException also when interrupted in the pause between two attempts, for which
   *     the library throws the error of the last attempt
   */
  static <T, X extends Exception> T call(Retry retry, Attempt<T, X> attempt)
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
      @SuppressWarnings("unchecked") // an attempt throws X or what is unchecked
      X error = (X) e;
      throw error;
    }
  }
}
