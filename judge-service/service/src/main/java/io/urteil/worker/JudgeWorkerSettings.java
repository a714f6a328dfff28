package io.urteil.worker;

import static java.util.Objects.requireNonNull;

import io.urteil.chat.server.AllowedUrls;
import io.urteil.chat.server.JudgeServers;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;

/**
 * The settings of a judge worker.
 *
 * @param work consumption of rollouts and calls of judges
 * @param models slots of each model that judges query
 * @param runtime threads and device of these models
 * @param servers that judges may use
 */
public record JudgeWorkerSettings(
    WorkerSettings work, SlotSettings models, RuntimeSettings runtime, JudgeServers servers) {

  public JudgeWorkerSettings {
    requireNonNull(work, "work");
    requireNonNull(models, "models");
    requireNonNull(runtime, "runtime");
    requireNonNull(servers, "servers");
  }

  /** Each model has 64 slots of at most 4,096 tokens; no server is declared. */
  public static JudgeWorkerSettings defaults() {
    return new JudgeWorkerSettings(
        WorkerSettings.defaults(),
        new SlotSettings(64, 4_096, EngineSettings.AUTO),
        RuntimeSettings.defaults(),
        JudgeServers.none());
  }

  /** These settings with other servers. */
  public JudgeWorkerSettings with(JudgeServers others) {
    return new JudgeWorkerSettings(work, models, runtime, others);
  }

  /** These settings in a process with this number of components that run models. */
  public JudgeWorkerSettings sharedBy(int components) {
    return new JudgeWorkerSettings(work, models, runtime.sharedBy(components), servers);
  }

  /** These settings with this number of threads of each engine. */
  public JudgeWorkerSettings withThreads(int number) {
    return new JudgeWorkerSettings(work, models, runtime.withThreads(number), servers);
  }

  /** These settings with every URL of a run file, for a command that runs its user's own file. */
  public JudgeWorkerSettings withAllUrls() {
    return with(servers.allowing(AllowedUrls.all()));
  }

  JudgeWorkerSettings with(WorkerSettings other) {
    return new JudgeWorkerSettings(other, models, runtime, servers);
  }
}
