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
 * The soak:
 *
 * <ol>
 *   <li>A broker, a topology, a trainer, samplers and judges are started, each a process, and
 *       prompts of the demo's task are published at a steady rate.
 *   <li>Again and again, once a batch was trained since the last kill and a random pause is over, a
 *       random process gets SIGKILL and is started again at once.
 *   <li>When the time is over the kills stop, then the prompts; what is open is waited for, as long
 *       as anything moves.
 *   <li>{@link Audit} proves the run from all of the log, or refutes it.
 * </ol>
 *
 * Every process ends with this one, unless that one is killed itself.
 */
public final class ChaosBench {

  private static final String RUN = "chaos";
  private static final int GROUPS = 4;
  private static final int PROMPTS = 2_000;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration GATE_LIMIT = Duration.ofSeconds(90);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(90);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(10);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int MOST_FINDINGS = 100;

  private final ChaosSettings settings;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private final List<RestartedProcess> children = new ArrayList<>();
  private int kills;
  private int killsWithoutBatch;
  private int endedByThemselves;

  /**
   * @param progress told a line for each thing that happens
   */
  public ChaosBench(ChaosSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Runs the soak, which takes the time asked for, its start and its drain. */
  public ChaosReport run() throws IOException, InterruptedException {
    Files.createDirectories(settings.directory());
    int port = Ports.free();
    Namespace place = new Namespace("127.0.0.1:" + port, "", settings.directory());
    try {
      startBroker(port);
      RunFile run = prepare();
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        RunRegistry.publish(producer, run);
      }
      startParts(place);
      try (RunMonitor watch = new RunMonitor(place, RUN);
          SteadyFeeder feeder = new SteadyFeeder(place, run, prompts(run))) {
        Load load = new Load(feeder, settings.groupsPerSecond());
        untilBatchesAreTrained(watch, load);
        kill(watch, load);
        drain(watch, feeder, load);
        children.stream()
            .filter(c -> c.kind() != KillTarget.BROKER)
            .forEach(RestartedProcess::stop);
        return report(place, watch, feeder.published());
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

  private void startParts(Namespace place) throws InterruptedException {
    part(place, KillTarget.TOPOLOGY, "topology");
    part(place, KillTarget.TRAINER, "trainer", "--run", RUN);
    for (int i = 1; i <= settings.samplers(); i++) {
      part(place, KillTarget.SAMPLER, "sampler-" + i);
    }
    for (int i = 1; i <= settings.judges(); i++) {
      part(place, KillTarget.JUDGE, "judge-" + i);
    }
    awaitReady();
    say("%d processes are ready", children.size());
  }

  private void part(Namespace place, KillTarget kind, String name, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--roles",
                kind.toString(),
                "--bootstrap",
                place.bootstrap(),
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
      revive();
      Thread.sleep(TICK);
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

  /** Prompts at a steady rate from the first one on. */
  private static final class Load {

    private final SteadyFeeder feeder;
    private final double perSecond;
    private final long begin = System.nanoTime();
    private boolean on = true;

    Load(SteadyFeeder feeder, double perSecond) {
      this.feeder = feeder;
      this.perSecond = perSecond;
    }

    void tick() {
      if (on) {
        feeder.publishUpTo((long) ((System.nanoTime() - begin) / 1e9 * perSecond) + 1);
      }
    }

    void stop() {
      on = false;
    }
  }

  private void untilBatchesAreTrained(RunMonitor watch, Load load) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (watch.batchesTrained() < 2) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d batches trained after %d s without a kill (expected: at least 2)"
                .formatted(watch.batchesTrained(), START_LIMIT.toSeconds()));
      }
      tick(load);
    }
  }

  private void kill(RunMonitor watch, Load load) throws InterruptedException {
    KillPlan plan = new KillPlan(settings.seed(), settings.meanPause(), settings.victims());
    long end = System.nanoTime() + settings.duration().toNanos();
    long before = watch.batchesTrained();
    while (System.nanoTime() < end) {
      long gate = System.nanoTime() + GATE_LIMIT.toNanos();
      while (watch.batchesTrained() == before && System.nanoTime() < gate) {
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
      killsWithoutBatch += watch.batchesTrained() == before ? 1 : 0;
      before = watch.batchesTrained();
      kills++;
      watch.time(new Outage(victim));
      child.killAndRestart();
      say(
          "kill %d: %s; %d groups published, %d closed, %d batches trained",
          kills, child.name(), load.feeder.published(), watch.groupsClosed(), before);
    }
  }

  /** One of this kind that is at work, as soon as there is one. */
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

  /** Prompts go on until all that was killed has shown itself again; then all is waited for. */
  private void drain(RunMonitor watch, SteadyFeeder feeder, Load load) throws InterruptedException {
    say("the kills are over; letting the run drain");
    long signs = System.nanoTime() + GATE_LIMIT.toNanos();
    while (watch.outages().stream().anyMatch(Outage::isOpen) && System.nanoTime() < signs) {
      tick(load);
    }
    load.stop();
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (!isDrained(watch, feeder)) {
      if (System.nanoTime() > deadline || watch.silence().compareTo(SILENCE_LIMIT) > 0) {
        say("nothing moves any more");
        return;
      }
      if (watch.groupsClosed() == feeder.published()) {
        // Groups that were dropped leave the last batch short.
        long inBatches = feeder.published() - watch.groupsDropped();
        feeder.publishUpTo(feeder.published() + (GROUPS - inBatches % GROUPS) % GROUPS);
      } else {
        feeder.publishUpTo(feeder.published());
      }
      tick(load);
    }
  }

  private static boolean isDrained(RunMonitor watch, SteadyFeeder feeder) {
    long inBatches = feeder.published() - watch.groupsDropped();
    return feeder.isAcknowledged()
        && watch.groupsClosed() == feeder.published()
        && inBatches % GROUPS == 0
        && watch.batchesTrained() * GROUPS == inBatches;
  }

  private void tick(Load load) throws InterruptedException {
    load.tick();
    revive();
    Thread.sleep(TICK);
  }

  private void revive() {
    for (RestartedProcess child : children) {
      String said = child.revive();
      if (said != null) {
        endedByThemselves++;
        say("%s ended by itself and was started again; it said: %s", child.name(), said);
      }
    }
  }

  private ChaosReport report(Namespace place, RunMonitor watch, long published) {
    AuditReport ledger = Audit.of(place, RUN);
    Map<String, Long> killsByKind = new TreeMap<>();
    Map<String, Double> downtime = new TreeMap<>();
    Map<String, Double> worst = new TreeMap<>();
    List<String> findings = new ArrayList<>();
    for (KillTarget victim : KillTarget.values()) {
      killsByKind.put(victim.toString(), 0L);
      downtime.put(victim.toString(), 0.0);
      worst.put(victim.toString(), 0.0);
    }
    long neverBack = 0;
    for (Outage outage : watch.outages()) {
      String kind = outage.victim().toString();
      killsByKind.merge(kind, 1L, Long::sum);
      if (outage.isOpen()) {
        neverBack++;
        findings.add("hung: a killed %s never showed itself again".formatted(kind));
      } else {
        downtime.merge(kind, outage.seconds(), Double::sum);
        worst.merge(kind, outage.seconds(), Math::max);
      }
    }
    long unpublished = Math.max(0, published - ledger.groups().published());
    if (unpublished > 0) {
      findings.add("lost: %d prompts that the broker had acknowledged".formatted(unpublished));
    }
    long untrained = Math.max(0, ledger.training().batches() - ledger.training().batchesTrained());
    if (ledger.groups().open() + ledger.groups().waiting() + untrained > 0) {
      findings.add(
          "hung: %d groups open, %d waiting for a batch, %d batches not trained"
              .formatted(ledger.groups().open(), ledger.groups().waiting(), untrained));
    }
    ledger.findings().stream()
        .map(
            one ->
                "%s: %s"
                    .formatted(one.kind().effect().name().toLowerCase(Locale.ROOT), one.message()))
        .limit(MOST_FINDINGS)
        .forEach(findings::add);
    AuditReport.FindingCounts found = ledger.counts();
    long unfinished = ledger.groups().open() + ledger.groups().waiting() + untrained + neverBack;
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
        ledger.training().batchesTrained(),
        new ChaosReport.Outages(killsByKind, downtime, worst, killsWithoutBatch, endedByThemselves),
        new ChaosReport.Load(
            published,
            ledger.groups().batched(),
            ledger.groups().dropped(),
            ledger.events().rollouts(),
            ledger.events().judgements()),
        findings);
  }

  private void say(String format, Object... values) {
    progress.accept(
        "%5.0f s  ".formatted((System.nanoTime() - begin) / 1e9) + format.formatted(values));
  }
}
