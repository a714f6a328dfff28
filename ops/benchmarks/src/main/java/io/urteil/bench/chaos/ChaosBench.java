package io.urteil.bench.chaos;

import io.urteil.audit.Audit;
import io.urteil.audit.AuditReport;
import io.urteil.bench.process.KillTarget;
import io.urteil.bench.process.Outage;
import io.urteil.bench.process.ProcessRun;
import io.urteil.bench.process.RestartedProcess;
import io.urteil.bench.process.RunLedger;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The chaos benchmark:
 *
 * <ol>
 *   <li>starts broker, topology, trainer, samplers and judges, each as a process, and publishes
 *       prompts of the demo's task at a steady rate;
 *   <li>repeatedly kills a random process with SIGKILL and restarts it, after a batch is trained
 *       since the last kill and a random pause;
 *   <li>at the end of the duration stops the kills, then the prompts, and waits for open groups and
 *       batches while there is progress;
 *   <li>proves or refutes the run with {@link Audit}.
 * </ol>
 *
 * All processes end with this one, unless it is killed with SIGKILL.
 */
public final class ChaosBench {

  private static final String RUN = "chaos";

  private final ChaosSettings settings;
  private final Consumer<String> progress;
  private int kills;
  private int killsWithoutBatch;

  /**
   * @param progress receives one line per event, such as a kill
   */
  public ChaosBench(ChaosSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Runs the benchmark. It takes the configured duration plus the time to start and to drain. */
  public ChaosReport run() throws IOException, InterruptedException {
    ProcessRun.Settings processSettings =
        new ProcessRun.Settings(
            RUN,
            settings.seed(),
            settings.groupsPerSecond(),
            settings.samplers(),
            settings.judges(),
            settings.directory(),
            List.of());
    try (ProcessRun processes = new ProcessRun(processSettings, progress)) {
      processes.start();
      kill(processes);
      processes.report("no more kills; draining the run");
      processes.drain();
      processes.stopComponents();
      return report(processes);
    }
  }

  private void kill(ProcessRun processes) throws InterruptedException {
    KillPlan plan = new KillPlan(settings.seed(), settings.meanPause(), settings.victims());
    long end = System.nanoTime() + settings.duration().toNanos();
    long before = processes.monitor().batchesTrained();
    while (System.nanoTime() < end) {
      long gate = System.nanoTime() + ProcessRun.GATE_LIMIT.toNanos();
      while (processes.monitor().batchesTrained() == before && System.nanoTime() < gate) {
        processes.tick();
      }
      long pauseEnd = System.nanoTime() + plan.pause().toNanos();
      while (System.nanoTime() < Math.min(pauseEnd, end)) {
        processes.tick();
      }
      if (System.nanoTime() >= end) {
        return;
      }
      KillTarget victim = plan.next();
      RestartedProcess child = processes.ready(victim, plan::pick);
      killsWithoutBatch += processes.monitor().batchesTrained() == before ? 1 : 0;
      before = processes.monitor().batchesTrained();
      kills++;
      processes.monitor().watch(new Outage(victim));
      child.killAndRestart();
      processes.report(
          "kill %d: %s; %d groups published, %d closed, %d batches trained",
          kills,
          child.name(),
          processes.feeder().published(),
          processes.monitor().groupsClosed(),
          before);
    }
  }

  private ChaosReport report(ProcessRun processes) {
    RunLedger ledger = RunLedger.of(processes, RUN);
    Map<String, Long> killsByKind = new TreeMap<>();
    Map<String, Double> downtime = new TreeMap<>();
    Map<String, Double> worst = new TreeMap<>();
    for (KillTarget victim : KillTarget.values()) {
      killsByKind.put(victim.toString(), 0L);
      downtime.put(victim.toString(), 0.0);
      worst.put(victim.toString(), 0.0);
    }
    for (Outage outage : processes.monitor().outages()) {
      String kind = outage.victim().toString();
      killsByKind.merge(kind, 1L, Long::sum);
      if (!outage.isOpen()) {
        downtime.merge(kind, outage.seconds(), Double::sum);
        worst.merge(kind, outage.seconds(), Math::max);
      }
    }
    AuditReport audit = ledger.audit();
    return new ChaosReport(
        settings.seed(),
        settings.duration().toMillis() / 60_000.0,
        processes.seconds(),
        kills,
        ledger.counts(),
        audit.training().batchesTrained(),
        new ChaosReport.Outages(
            killsByKind, downtime, worst, killsWithoutBatch, processes.endings().size()),
        new ChaosReport.Load(
            processes.feeder().published(),
            audit.groups().batched(),
            audit.groups().dropped(),
            audit.events().rollouts(),
            audit.events().judgements()),
        ledger.findings());
  }
}
