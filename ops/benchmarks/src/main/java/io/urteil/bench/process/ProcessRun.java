package io.urteil.bench.process;

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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * A training run of the demo's task with broker, topology, trainer, samplers and judges, each as a
 * process, and prompts at a steady rate. A process that ends is restarted. All processes end with
 * this one, unless it is killed with SIGKILL. Not thread-safe.
 */
public final class ProcessRun implements AutoCloseable {

  /** Groups of a batch. */
  public static final int GROUPS = 4;

  /** Time within which an effect of a restart is expected. */
  public static final Duration GATE_LIMIT = Duration.ofSeconds(90);

  /** Time in which a process starts, also beside six others that use all processors. */
  public static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final int PROMPTS = 2_000;
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(90);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final Settings settings;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private final int port;
  private final Namespace namespace;
  private final List<RestartedProcess> children = new ArrayList<>();
  private final List<String> endings = new ArrayList<>();
  private boolean loaded;
  private long loadBegin;

  @SuppressWarnings("NullAway.Init")
  private RunFile run;

  @SuppressWarnings("NullAway.Init")
  private RunMonitor monitor;

  @SuppressWarnings("NullAway.Init")
  private SteadyFeeder feeder;

  /**
   * @param run its name
   * @param groupsPerSecond prompts per second, with 8 rollouts each
   * @param directory data and logs of the processes
   * @param judgeArguments further arguments of the judge workers
   */
  public record Settings(
      String run,
      long seed,
      double groupsPerSecond,
      int samplers,
      int judges,
      Path directory,
      List<String> judgeArguments) {

    public Settings {
      judgeArguments = List.copyOf(judgeArguments);
    }
  }

  /**
   * @param progress receives one line per event, such as a restart
   */
  public ProcessRun(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
    this.port = Ports.free();
    this.namespace = new Namespace("127.0.0.1:" + port, "", settings.directory());
  }

  /** Starts all processes and the load, and returns when two batches are trained. */
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(settings.directory());
    startBroker();
    run = prepare();
    TopicCreator.create(namespace);
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      RunRegistry.publish(producer, run);
    }
    startComponents();
    monitor = new RunMonitor(namespace, settings.run());
    feeder = new SteadyFeeder(namespace, run, prompts(run));
    loaded = true;
    loadBegin = System.nanoTime();
    awaitFirstBatches();
  }

  /** The run file. */
  public RunFile run() {
    return run;
  }

  /** Where the run is. */
  public Namespace namespace() {
    return namespace;
  }

  /** The processes, the broker first. */
  public List<RestartedProcess> children() {
    return children;
  }

  /** The figures of the run so far. */
  public RunMonitor monitor() {
    return monitor;
  }

  /** The source of the prompts. */
  public SteadyFeeder feeder() {
    return feeder;
  }

  /** The last line of output of each process that ended without being asked to, with its name. */
  public List<String> endings() {
    return endings;
  }

  /** Seconds since the construction. */
  public double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Reports a line of progress. */
  public void report(String format, Object... values) {
    progress.accept("%5.0f s  ".formatted(seconds()) + format.formatted(values));
  }

  private void startBroker() throws InterruptedException {
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

  private void startComponents() throws InterruptedException {
    startComponent(KillTarget.TOPOLOGY, "topology");
    startComponent(KillTarget.TRAINER, "trainer", "--run", settings.run());
    for (int i = 1; i <= settings.samplers(); i++) {
      startComponent(KillTarget.SAMPLER, "sampler-" + i);
    }
    for (int i = 1; i <= settings.judges(); i++) {
      startComponent(
          KillTarget.JUDGE, "judge-" + i, settings.judgeArguments().toArray(String[]::new));
    }
    awaitReady();
    report("%d processes are ready", children.size());
  }

  private void startComponent(KillTarget kind, String name, String... more) {
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
            .formatted(settings.run(), model, prompts, settings.seed(), GROUPS);
    Path file = settings.directory().resolve("run.yaml");
    Files.writeString(file, text);
    return RunFileReader.read(file.toString(), text);
  }

  private static List<List<PromptArm>> prompts(RunFile run) {
    DataSection data = Objects.requireNonNull(run.data(), "data");
    return PromptFile.read(data.prompts(), run.group().arms()).lines();
  }

  private void awaitFirstBatches() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (monitor.batchesTrained() < 2) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d batches trained after %d s without a kill (expected: at least 2)"
                .formatted(monitor.batchesTrained(), START_LIMIT.toSeconds()));
      }
      tick();
    }
  }

  /**
   * Waits until a process of this kind is ready and returns it.
   *
   * @param pick chooses one of this many
   */
  public RestartedProcess ready(KillTarget kind, IntUnaryOperator pick)
      throws InterruptedException {
    List<RestartedProcess> all = children.stream().filter(child -> child.kind() == kind).toList();
    RestartedProcess chosen = all.get(pick.applyAsInt(all.size()));
    long deadline = System.nanoTime() + GATE_LIMIT.toNanos();
    while (!chosen.isReady() && System.nanoTime() < deadline) {
      tick();
    }
    return chosen;
  }

  /**
   * Publishes prompts until all outages are over, then waits for open groups and batches: for at
   * most ten minutes, or 90 seconds without an event while every process is ready.
   */
  public void drain() throws InterruptedException {
    long recovery = System.nanoTime() + GATE_LIMIT.toNanos();
    while (monitor.outages().stream().anyMatch(Outage::isOpen) && System.nanoTime() < recovery) {
      tick();
    }
    loaded = false;
    long drainBegin = System.nanoTime();
    long complete = drainBegin;
    while (!isDrained()) {
      long now = System.nanoTime();
      if (!children.stream().allMatch(RestartedProcess::isReady)) {
        complete = now;
      }
      Duration silence = Duration.ofNanos(Math.min(monitor.silence().toNanos(), now - complete));
      if (now - drainBegin > DRAIN_LIMIT.toNanos() || silence.compareTo(SILENCE_LIMIT) > 0) {
        report(
            "not drained: %d groups published, %d closed, %d dropped, %d batches trained; last event"
                + " %d s ago",
            feeder.published(),
            monitor.groupsClosed(),
            monitor.groupsDropped(),
            monitor.batchesTrained(),
            monitor.silence().toSeconds());
        return;
      }
      if (monitor.groupsClosed() == feeder.published()) {
        // Dropped groups leave the last batch incomplete.
        long inBatches = feeder.published() - monitor.groupsDropped();
        feeder.publishUpTo(feeder.published() + (GROUPS - inBatches % GROUPS) % GROUPS);
      } else {
        feeder.publishUpTo(feeder.published());
      }
      tick();
    }
  }

  private boolean isDrained() {
    long inBatches = feeder.published() - monitor.groupsDropped();
    return feeder.isAcknowledged()
        && monitor.groupsClosed() == feeder.published()
        && inBatches % GROUPS == 0
        && monitor.batchesTrained() * GROUPS == inBatches;
  }

  /** Publishes due prompts, restarts ended processes, and waits a little. */
  public void tick() throws InterruptedException {
    if (loaded) {
      feeder.publishUpTo(
          (long) ((System.nanoTime() - loadBegin) / 1e9 * settings.groupsPerSecond()) + 1);
    }
    restartEnded();
    Thread.sleep(POLL_INTERVAL);
  }

  private void restartEnded() {
    for (RestartedProcess child : children) {
      String lastLine = child.restartIfEnded();
      if (lastLine != null) {
        endings.add(child.name() + ": " + lastLine);
        report(
            "%s ended without a kill and was restarted; last line of output: %s",
            child.name(), lastLine);
      }
    }
  }

  /** Stops all processes but the broker, so that nothing writes any more. */
  public void stopComponents() {
    children.stream().filter(c -> c.kind() != KillTarget.BROKER).forEach(RestartedProcess::stop);
  }

  @Override
  public void close() {
    if (feeder != null) {
      feeder.close();
    }
    if (monitor != null) {
      monitor.close();
    }
    children.reversed().forEach(RestartedProcess::stop);
  }
}
