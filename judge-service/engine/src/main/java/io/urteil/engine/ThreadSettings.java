package io.urteil.engine;

import io.urteil.model.DecoderConfig;
import java.util.Arrays;

/**
 * Threads of the engines of a process.
 *
 * @param number of each engine; {@link #AUTO} to decide by the cores, the model, and the sharers
 * @param sharers components of the process that run models: judge worker, sampler, trainer
 */
public record ThreadSettings(int number, int sharers) {

  /** In place of a number: decided for each model. */
  public static final int AUTO = 0;

  /**
   * Parameters of a model for each further thread. Below twice this number a second thread gains
   * nothing in decode steps; the figures are in {@code ops/docs/engine.md}.
   */
  static final long PARAMETERS_PER_THREAD = 2_000_000;

  private static final long MILLION = 1_000_000;

  private static final ThreadSettings DEFAULTS = new ThreadSettings(AUTO, 1);

  public ThreadSettings {
    if (number < AUTO || sharers < 1) {
      throw new IllegalArgumentException(
          "threads: %d (expected: >= 0), sharers: %d (expected: >= 1) in thread settings"
              .formatted(number, sharers));
    }
  }

  /**
   * The threads of one engine.
   *
   * @param reason of the number, for the log
   */
  public record Choice(int number, String reason) {}

  /** Decided for each model, in a process with one component that runs models. */
  public static ThreadSettings auto() {
    return DEFAULTS;
  }

  /** The same in a process with this number of components that run models. */
  ThreadSettings sharedBy(int components) {
    return new ThreadSettings(number, Math.max(1, components));
  }

  /** The threads of an engine for a model of this shape on this machine. */
  Choice choose(DecoderConfig shape) {
    return choose(Runtime.getRuntime().availableProcessors(), parameters(shape));
  }

  /** The threads of an engine for a model with this number of parameters. Pure. */
  Choice choose(int cores, long parameters) {
    if (number != AUTO) {
      return new Choice(number, "set");
    }
    int share = Math.max(1, cores / sharers);
    long useful = Math.max(1, parameters / PARAMETERS_PER_THREAD);
    return useful < share
        ? new Choice(
            (int) useful,
            "%d million parameters a thread".formatted(PARAMETERS_PER_THREAD / MILLION))
        : new Choice(share, "%d cores / %d components".formatted(cores, sharers));
  }

  static long parameters(DecoderConfig shape) {
    return shape.tensorShapes().values().stream()
        .mapToLong(tensor -> Arrays.stream(tensor).reduce(1, Math::multiplyExact))
        .sum();
  }
}
