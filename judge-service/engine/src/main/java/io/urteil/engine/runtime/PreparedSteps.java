package io.urteil.engine.runtime;

import ai.onnxruntime.OrtException;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a {@link StepRunner} caches: those that decode from the first slot on, one for
 * each number of rows, since they repeat. Others are created for one run.
 */
final class PreparedSteps implements AutoCloseable {

  /** A shape of run, with its inputs and outputs. */
  interface Step extends AutoCloseable {

    void run() throws OrtException;

    @Override
    void close();
  }

  /** Prepares a shape of run, by the numbers of {@link StepRunner#run}. */
  interface Maker {
    Step make(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException;
  }

  private final Maker maker;
  private final @Nullable Step[] decoding;

  PreparedSteps(int slots, Maker maker) {
    this.maker = maker;
    this.decoding = new Step[slots + 1];
  }

  void run(int firstSlot, int rows, int newTokens, boolean isDecoding) throws OrtException {
    if (!isDecoding || firstSlot != 0) {
      try (Step step = maker.make(firstSlot, rows, newTokens, isDecoding)) {
        step.run();
      }
      return;
    }
    Step step = decoding[rows];
    if (step == null) {
      step = maker.make(0, rows, 1, true);
      decoding[rows] = step;
    }
    step.run();
  }

  @Override
  public void close() {
    for (Step step : decoding) {
      if (step != null) {
        step.close();
      }
    }
  }
}
