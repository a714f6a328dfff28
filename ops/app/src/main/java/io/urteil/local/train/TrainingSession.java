package io.urteil.local.train;

import io.urteil.local.AllInOne;
import io.urteil.local.view.RunSnapshot;
import io.urteil.local.watch.RunStatistics;
import io.urteil.local.watch.RunWatch;
import io.urteil.local.watch.SnapshotFactory;
import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains one run in this process: starts all components, follows the topics, and returns the report
 * and typical held-out responses of the first and the last policy version.
 */
public final class TrainingSession {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private final Path directory;
  private final RunFile run;
  private final int steps;
  private final int evaluationSize;

  /**
   * @param directory data directory of broker and components
   * @throws IllegalArgumentException if the run has no policy, no data or no training
   */
  public TrainingSession(Path directory, RunFile run) {
    TrainSection train = run.train();
    if (run.policy() == null || run.data() == null || train == null) {
      throw new IllegalArgumentException(
          "run '%s': no section policy, data or train (expected: all three; urteil score runs the judges of a file without them)"
              .formatted(run.run()));
    }
    this.directory = directory;
    this.run = run;
    this.steps = train.steps();
    EvaluateSection evaluate = run.evaluate();
    this.evaluationSize = evaluate == null ? 0 : evaluate.size();
  }

  /**
   * The result of a run.
   *
   * @param report the figures
   * @param comparesOrders whether held-out candidates were judged in two orders
   * @param prefers whether held-out verdicts prefer a candidate
   * @param examples held-out prompts with the responses of version 0 and of the last version; empty
   *     without held-out prompts
   */
  public record Result(
      TrainingReport report,
      boolean comparesOrders,
      boolean prefers,
      List<HeldOutExample> examples) {}

  /**
   * Blocks until the last version is trained and, if the run evaluates, evaluated.
   *
   * @param messages receives a line when all components are started, and when the run stalls
   * @param view receives a snapshot a few times a second, on this thread
   * @param stopped polled a few times a second, on this thread; true ends the session
   * @return the result; empty if stopped before the end. All components are closed in either case
   * @throws IllegalStateException if a component fails
   */
  public Optional<Result> run(
      Consumer<String> messages, Consumer<RunSnapshot> view, BooleanSupplier stopped) {
    long begin = System.nanoTime();
    try (AllInOne all = AllInOne.start(directory, run);
        RunWatch watch = new RunWatch(all.namespace(), run.run(), evaluationSize)) {
      messages.accept("all components are running");
      while (!watch.read(this::isDone)) {
        if (stopped.getAsBoolean()) {
          return Optional.empty();
        }
        watch.poll(POLL_TIMEOUT);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
        view.accept(watch.read(figures -> SnapshotFactory.of(run.run(), steps, figures, elapsed)));
        watch.stallReport().ifPresent(messages);
        all.failure()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException(cause.getMessage(), cause);
                });
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      TrainingReport report = watch.read(figures -> TrainingReport.of(run, figures, seconds));
      return Optional.of(
          new Result(
              report,
              watch.read(RunStatistics::comparesOrders),
              watch.read(RunStatistics::prefers),
              watch.read(
                  figures ->
                      HeldOutExamples.of(figures, steps, evaluationSize).read(all.namespace()))));
    }
  }

  private boolean isDone(RunStatistics figures) {
    return figures.step() >= steps
        && (evaluationSize == 0 || figures.evaluation(steps).isPresent());
  }
}
