package io.urteil.worker;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;

/**
 * The settings of a judge worker.
 *
 * @param work consumption of rollouts and calls of judges
 * @param models slots of each model that judges query
 * @param runtime threads and device of these models
 */
public record JudgeWorkerSettings(
    WorkerSettings work, SlotSettings models, RuntimeSettings runtime) {

  public JudgeWorkerSettings {
    requireNonNull(work, "work");
    requireNonNull(models, "models");
    requireNonNull(runtime, "runtime");
  }

  /** Each model has 64 slots of 4,096 tokens in 512 MiB. */
  public static JudgeWorkerSettings defaults() {
    return new JudgeWorkerSettings(
        WorkerSettings.defaults(),
        new SlotSettings(64, 4_096, 512L << 20),
        RuntimeSettings.defaults());
  }

  JudgeWorkerSettings with(WorkerSettings other) {
    return new JudgeWorkerSettings(other, models, runtime);
  }
}
