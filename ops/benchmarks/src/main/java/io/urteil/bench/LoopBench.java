package io.urteil.bench;

import io.urteil.local.AllInOne;
import io.urteil.local.demo.DemoDirectory;
import io.urteil.local.demo.DemoSettings;
import io.urteil.local.train.RunDirectory;
import io.urteil.local.watch.RunStatistics;
import io.urteil.local.watch.RunWatch;
import io.urteil.run.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Compares the training loop through the topics with the same work in direct calls: interleaved, in
 * one JVM, after one warm-up of each, from the first update to the last. Start-up and evaluation
 * are excluded.
 */
public final class LoopBench {

  private static final double LEARNING_RATE = 3e-5;

  private final int steps;
  private final int lag;
  private final int repeats;

  /**
   * @param repeats measured runs of each loop, at least 1
   */
  public LoopBench(int steps, int lag, int repeats) {
    this.steps = steps;
    this.lag = lag;
    this.repeats = repeats;
  }

  /** Runs both loops alternately. {@code progress} receives one line per repeat. */
  public LoopReport run(Path directory, Consumer<String> progress) throws IOException {
    List<Double> direct = new ArrayList<>();
    List<Double> topics = new ArrayList<>();
    int rollouts = 0;
    for (int i = 0; i <= repeats; i++) {
      Path home = directory.resolve("run-" + i);
      RunFile run = runFile(home);
      rollouts = run.batch().groups() * run.group().arms().size() * run.group().samplesPerArm();
      double directSeconds = direct(run, home.resolve("direct"));
      double topicSeconds = topics(run, home);
      progress.accept(
          "%s direct %.2f s, through topics %.2f s, ratio %.2f"
              .formatted(
                  i == 0 ? "warm-up" : "run " + i,
                  directSeconds,
                  topicSeconds,
                  topicSeconds / directSeconds));
      if (i > 0) {
        direct.add(directSeconds);
        topics.add(topicSeconds);
      }
    }
    return LoopReport.of(steps, lag, rollouts, direct, topics);
  }

  /** The demo's run file without evaluations, which only one of the loops would run. */
  private RunFile runFile(Path home) {
    RunFile demo =
        DemoDirectory.create(new DemoSettings(steps, 1, lag, LEARNING_RATE, true, steps, home));
    RunFile run = demo.edit().withoutEvaluate().build();
    new RunDirectory(home).write(run);
    return run;
  }

  private static double direct(RunFile run, Path directory) throws IOException {
    try (DirectLoop loop = new DirectLoop(run, directory)) {
      return loop.run();
    }
  }

  private double topics(RunFile run, Path home) {
    int wanted = Objects.requireNonNull(run.train(), "train").steps();
    try (AllInOne all = AllInOne.start(home, run);
        RunWatch watch = new RunWatch(all.namespace(), run.run(), 1)) {
      while (watch.read(figures -> figures.step() < wanted)) {
        watch.poll(Duration.ofMillis(200));
        all.failure()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException(cause);
                });
      }
      return watch.read(RunStatistics::secondsAfterFirstUpdate);
    }
  }
}
