package io.urteil.bench.siege;

import io.urteil.bench.process.ProcessRun;
import io.urteil.bench.process.RunLedger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The siege benchmark: an honest training run in separate processes, beside
 *
 * <ol>
 *   <li>hostile records on every topic, made from the events of the run by {@link EventMutator};
 *   <li>a run whose judges ask a {@link HostileServer};
 *   <li>disturbed processes: see {@link Disturbance}.
 * </ol>
 *
 * Then the attacks end, the run is drained, and the audit proves or refutes it. The report lists
 * what was not a dead letter.
 */
public final class SiegeBench {

  private static final String RUN = "honest";
  private static final int MEAN_PAUSE_SECONDS = 6;
  private static final int TICKS_PER_ROLLOUT = 10;
  private static final String NO_BROKER = "no Kafka broker responded";

  private final SiegeSettings settings;
  private final Consumer<String> progress;

  /**
   * @param progress receives one line per event, such as a disturbance
   */
  public SiegeBench(SiegeSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Runs the benchmark. It takes the configured duration plus the time to start and to drain. */
  public SiegeReport run() throws IOException, InterruptedException {
    try (HostileJudging judging = new HostileJudging(settings)) {
      return run(judging);
    }
  }

  private SiegeReport run(HostileJudging judging) throws IOException, InterruptedException {
    ProcessRun.Settings processSettings =
        new ProcessRun.Settings(
            RUN,
            settings.seed(),
            settings.groupsPerSecond(),
            1,
            2,
            settings.directory(),
            judging.judgeArguments());
    try (ProcessRun processes = new ProcessRun(processSettings, progress)) {
      processes.start();
      judging.start(processes.namespace(), processes.run());
      try (Attacker attacker = new Attacker(processes.namespace(), processes.run(), settings)) {
        Disturbance disturbance = new Disturbance(processes, settings);
        disturb(processes, disturbance, judging);
        attacker.stop();
        processes.report("no more attacks; draining the run");
        processes.drain();
        processes.stopComponents();
        return report(processes, attacker, disturbance, judging);
      }
    }
  }

  private void disturb(ProcessRun processes, Disturbance disturbance, HostileJudging judging)
      throws IOException, InterruptedException {
    Random random = new Random(settings.seed());
    long ticks = 0;
    long end = System.nanoTime() + settings.duration().toNanos();
    while (System.nanoTime() < end) {
      long pause = (long) (2 * random.nextDouble() * MEAN_PAUSE_SECONDS * 1e9);
      long pauseEnd = Math.min(end, System.nanoTime() + pause);
      while (System.nanoTime() < pauseEnd) {
        processes.tick();
        if (++ticks % TICKS_PER_ROLLOUT == 0) {
          judging.next();
        }
      }
      if (System.nanoTime() < end) {
        disturbance.next();
      }
    }
  }

  private SiegeReport report(
      ProcessRun processes, Attacker attacker, Disturbance disturbance, HostileJudging judging) {
    RunLedger ledger = RunLedger.of(processes, RUN);
    List<String> findings = new ArrayList<>(ledger.findings());
    // A process that starts while the broker is stopped ends, so that its supervisor restarts it.
    List<String> endings =
        processes.endings().stream().filter(ending -> !ending.contains(NO_BROKER)).toList();
    endings.forEach(ending -> findings.add("ended by itself: " + ending));
    SiegeReport.ServerAttack server = judging.result(processes.namespace());
    if (server.scored() > 0) {
      findings.add("unexpected: %d verdicts of a server that returns none".formatted(server.scored()));
    }
    return new SiegeReport(
        settings.seed(),
        settings.duration().toMillis() / 60_000.0,
        processes.seconds(),
        ledger.counts(),
        processes.feeder().published(),
        ledger.audit().training().batchesTrained(),
        attacker.result(),
        server,
        disturbance.counts(),
        endings,
        findings);
  }
}
