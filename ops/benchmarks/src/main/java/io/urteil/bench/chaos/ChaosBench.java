package io.urteil.bench.chaos;

import io.urteil.audit.Audit;
import io.urteil.audit.AuditReport;
import io.urteil.embedded.Ports;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.PromptArm;
import io.urteil.event.TopicCreator;
import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.run.DataSection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.feed.PromptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final int GROUPS = 4;
  private static final int PROMPTS = 2_000;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration GATE_LIMIT = Duration.ofSeconds(90);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(90);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final int MAX_FINDINGS = 100;

  private final ChaosSettings settings;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private final List<RestartedProcess> children = new ArrayList<>();
  private int kills;
  private int killsWithoutBatch;
  private int endedWithoutKill;

  /**
   * @param progress receives one line per event, such as a kill
   */
  public ChaosBench(ChaosSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Runs the benchmark. It takes the configured duration plus the time to start and to drain. */
  public ChaosReport run() throws IOException, InterruptedException {
    Files.createDirectories(settings.directory());
    int port = Ports.free();
    Namespace namespace = new Namespace("127.0.0.1:" + port, "", settings.directory());
    try {
      startBroker(port);
      RunFile run = prepare();
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace)) {
        RunRegistry.publish(producer, run);
      }
      startComponents(namespace);
      try (RunMonitor monitor = new RunMonitor(namespace, RUN);
          SteadyFeeder feeder = new SteadyFeeder(namespace, run, prompts(run))) {
        Load load = new Load(feeder, settings.groupsPerSecond());
        awaitFirstBatches(monitor, load);
        kill(monitor, load);
        drain(monitor, feeder, load);
        children.stream()
            .filter(c -> c.kind() != KillTarget.BROKER)
            .forEach(RestartedProcess::stop);
        return report(namespace, monitor, feeder.published());
      }
    } finally {
      children.reversed().forEach(RestartedProcess::stop);
    }
  }

  private void startBroker(int port) throws InterruptedException {
    add(
        KillTarget.BROKER,
        "broker",
        "broker",
        "--port",
        "" + port,
        "--data-dir",
        settings.directory().resolve("broker").toString());
    awaitReady();
  }

  private void startComponents(Namespace namespace) throws InterruptedException {
    startComponent(namespace, KillTarget.TOPOLOGY, "topology");
    startComponent(namespace, KillTarget.TRAINER, "trainer", "--run", RUN);
    for (int i = 1; i <= settings.samplers(); i++) {
      startComponent(namespace, KillTarget.SAMPLER, "sampler-" + i);
    }
    for (int i = 1; i <= settings.judges(); i++) {
      startComponent(namespace, KillTarget.JUDGE, "judge-" + i);
    }
    awaitReady();
    report("%d processes are ready", children.size());
  }

  private void startComponent(Namespace namespace, KillTarget kind, String name, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--roles",
                kind.toString(),
                "--bootstrap",
                namespace.bootstrap(),
                "--data-dir",
                settings.directory().resolve(name).toString()));
    arguments.addAll(List.of(more));
    add(kind, name, arguments.toArray(String[]::new));
  }

  private void add(KillTarget kind, String name, String... arguments) {
    RestartedProcess child =
        new RestartedProcess(kind, name, settings.directory(), List.of(arguments));
    children.add(child);
    child.start();
  }

  private void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!children.stream().allMatch(RestartedProcess::isReady)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "not ready after %d s: %s (expected: every process)"
                .formatted(
                    START_LIMIT.toSeconds(),
                    children.stream()
                        .filter(c -> !c.isReady())
                        .map(RestartedProcess::name)
                        .toList()));
      }
      restartEnded();
      Thread.sleep(POLL_INTERVAL);
    }
  }

  private RunFile prepare() throws IOException {
    Path model = settings.directory().resolve("seed-judge");
    SeedJudge.copyTo(model);
    Path prompts = settings.directory().resolve("prompts.jsonl");
    ArithmeticPrompts.write(ArithmeticPrompts.training(PROMPTS, settings.seed()), prompts);
    String text =
        """
        run: %s
        policy: { model: %s }
        data: { prompts: %s, order: given, seed: %d }
        group: { arms: [AB, BA], samplesPerArm: 4, deadline: 30m, onMissing: drop }
        sampling: { temperature: 1.0, maxTokens: 58 }
        judges: { outcome: { type: verdict, format: think-answer-scores } }
        reward: { rule: j1-consistency, right: 1.0, wrong: 0.0, unparseable: -0.5, consistent: 0.5 }
        batch: { kind: grpo, groups: %d, zeroVariance: keepCount, order: ordinal }
        staleness: { maxVersionsBehind: 4 }
        train: { objective: grpo, steps: 1000000, learningRate: 1.0e-5 }
        checkpoint: { fullEvery: 1, keep: 8 }
        """
            .formatted(RUN, model, prompts, settings.seed(), GROUPS);
    Path file = settings.directory().resolve("run.yaml");
    Files.writeString(file, text);
    return RunFileReader.read(file.toString(), text);
  }

  private static List<List<PromptArm>> prompts(RunFile run) {
    DataSection data = java.util.Objects.requireNonNull(run.data(), "data");
    return PromptFile.read(data.prompts(), run.group().arms()).lines();
  }

  /** Publishes prompts at a steady rate. */
  private static final class Load {

    private final SteadyFeeder feeder;
    private final double perSecond;
    private final long begin = System.nanoTime();
    private boolean running = true;

    Load(SteadyFeeder feeder, double perSecond) {
      this.feeder = feeder;
      this.perSecond = perSecond;
    }

    void tick() {
      if (running) {
        feeder.publishUpTo((long) ((System.nanoTime() - begin) / 1e9 * perSecond) + 1);
      }
    }

    void stop() {
      running = false;
    }
  }

  private void awaitFirstBatches(RunMonitor monitor, Load load) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (monitor.batchesTrained() < 2) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d batches trained after %d s without a kill (expected: at least 2)"
                .formatted(monitor.batchesTrained(), START_LIMIT.toSeconds()));
      }
      tick(load);
    }
  }

  private void kill(RunMonitor monitor, Load load) throws InterruptedException {
    KillPlan plan = new KillPlan(settings.seed(), settings.meanPause(), settings.victims());
    long end = System.nanoTime() + settings.duration().toNanos();
    long before = monitor.batchesTrained();
    while (System.nanoTime() < end) {
      long gate = System.nanoTime() + GATE_LIMIT.toNanos();
      while (monitor.batchesTrained() == before && System.nanoTime() < gate) {
        tick(load);
      }
      long pauseEnd = System.nanoTime() + plan.pause().toNanos();
      while (System.nanoTime() < Math.min(pauseEnd, end)) {
        tick(load);
      }
      if (System.nanoTime() >= end) {
        return;
      }
      KillTarget victim = plan.next();
      RestartedProcess child = victim(plan, victim, load);
      killsWithoutBatch += monitor.batchesTrained() == before ? 1 : 0;
      before = monitor.batchesTrained();
      kills++;
      monitor.watch(new Outage(victim));
      child.killAndRestart();
      report(
          "kill %d: %s; %d groups published, %d closed, %d batches trained",
          kills, child.name(), load.feeder.published(), monitor.groupsClosed(), before);
    }
  }

  /** Waits until a process of this kind is ready and returns it. */
  private RestartedProcess victim(KillPlan plan, KillTarget kind, Load load)
      throws InterruptedException {
    List<RestartedProcess> all = children.stream().filter(child -> child.kind() == kind).toList();
    RestartedProcess chosen = all.get(plan.pick(all.size()));
    long deadline = System.nanoTime() + GATE_LIMIT.toNanos();
    while (!chosen.isReady() && System.nanoTime() < deadline) {
      tick(load);
    }
    return chosen;
  }

  /** Publishes prompts until all outages are over, then waits for open groups and batches. */
  private void drain(RunMonitor monitor, SteadyFeeder feeder, Load load)
      throws InterruptedException {
    report("no more kills; draining the run");
    long recovery = System.nanoTime() + GATE_LIMIT.toNanos();
    while (monitor.outages().stream().anyMatch(Outage::isOpen) && System.nanoTime() < recovery) {
      tick(load);
    }
    load.stop();
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (!isDrained(monitor, feeder)) {
      if (System.nanoTime() > deadline || monitor.silence().compareTo(SILENCE_LIMIT) > 0) {
        report("no further progress");
        return;
      }
      if (monitor.groupsClosed() == feeder.published()) {
        // Dropped groups leave the last batch incomplete.
        long inBatches = feeder.published() - monitor.groupsDropped();
        feeder.publishUpTo(feeder.published() + (GROUPS - inBatches % GROUPS) % GROUPS);
      } else {
        feeder.publishUpTo(feeder.published());
      }
      tick(load);
    }
  }

  private static boolean isDrained(RunMonitor monitor, SteadyFeeder feeder) {
    long inBatches = feeder.published() - monitor.groupsDropped();
    return feeder.isAcknowledged()
        && monitor.groupsClosed() == feeder.published()
        && inBatches % GROUPS == 0
        && monitor.batchesTrained() * GROUPS == inBatches;
  }

  private void tick(Load load) throws InterruptedException {
    load.tick();
    restartEnded();
    Thread.sleep(POLL_INTERVAL);
  }

  private void restartEnded() {
    for (RestartedProcess child : children) {
      String lastLine = child.restartIfEnded();
      if (lastLine != null) {
        endedWithoutKill++;
        report(
            "%s ended without a kill and was restarted; last line of output: %s",
            child.name(), lastLine);
      }
    }
  }

  private ChaosReport report(Namespace namespace, RunMonitor monitor, long published) {
    AuditReport audit = Audit.of(namespace, RUN);
    Map<String, Long> killsByKind = new TreeMap<>();
    Map<String, Double> downtime = new TreeMap<>();
    Map<String, Double> worst = new TreeMap<>();
    List<String> findings = new ArrayList<>();
    for (KillTarget victim : KillTarget.values()) {
      killsByKind.put(victim.toString(), 0L);
      downtime.put(victim.toString(), 0.0);
      worst.put(victim.toString(), 0.0);
    }
    long unrecovered = 0;
    for (Outage outage : monitor.outages()) {
      String kind = outage.victim().toString();
      killsByKind.merge(kind, 1L, Long::sum);
      if (outage.isOpen()) {
        unrecovered++;
        findings.add("stuck: no work of a killed %s after its restart".formatted(kind));
      } else {
        downtime.merge(kind, outage.seconds(), Double::sum);
        worst.merge(kind, outage.seconds(), Math::max);
      }
    }
    long unpublished = Math.max(0, published - audit.groups().published());
    if (unpublished > 0) {
      findings.add("lost: %d acknowledged prompts".formatted(unpublished));
    }
    long untrained = Math.max(0, audit.training().batches() - audit.training().batchesTrained());
    if (audit.groups().open() + audit.groups().waiting() + untrained > 0) {
      findings.add(
          "stuck: %d groups open, %d waiting for a batch, %d batches not trained"
              .formatted(audit.groups().open(), audit.groups().waiting(), untrained));
    }
    audit.findings().stream()
        .map(
            one ->
                "%s: %s"
                    .formatted(one.kind().effect().name().toLowerCase(Locale.ROOT), one.message()))
        .limit(MAX_FINDINGS)
        .forEach(findings::add);
    AuditReport.FindingCounts found = audit.counts();
    long unfinished = audit.groups().open() + audit.groups().waiting() + untrained + unrecovered;
    return new ChaosReport(
        settings.seed(),
        settings.duration().toMillis() / 60_000.0,
        (System.nanoTime() - begin) / 1e9,
        kills,
        new AuditReport.FindingCounts(
            found.lost() + unpublished,
            found.doubled(),
            found.hung() + unfinished,
            found.invented(),
            found.changed()),
        audit.training().batchesTrained(),
        new ChaosReport.Outages(killsByKind, downtime, worst, killsWithoutBatch, endedWithoutKill),
        new ChaosReport.Load(
            published,
            audit.groups().batched(),
            audit.groups().dropped(),
            audit.events().rollouts(),
            audit.events().judgements()),
        findings);
  }

  private void report(String format, Object... values) {
    progress.accept(
        "%5.0f s  ".formatted((System.nanoTime() - begin) / 1e9) + format.formatted(values));
  }
}
