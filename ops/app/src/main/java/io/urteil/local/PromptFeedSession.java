package io.urteil.local;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.local.view.RunSnapshot;
import io.urteil.local.watch.RunStatistics;
import io.urteil.local.watch.RunWatch;
import io.urteil.local.watch.SnapshotFactory;
import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.sampler.feed.PromptFeeder;
import io.urteil.sampler.feed.PromptFile;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A published run whose prompts this process feeds, while sampler, judges, topology and trainer
 * work elsewhere. Feeding again what was fed before changes nothing, so it may be stopped at any
 * moment.
 */
public final class PromptFeedSession {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Namespace place;
  private final RunFile run;
  private final int steps;
  private final int evaluationSize;

  /**
   * @throws IllegalArgumentException when the run trains nothing, or its prompts cannot be read
   */
  public PromptFeedSession(Namespace place, RunFile run) {
    if (!isFed(run)) {
      throw new IllegalArgumentException(
          "run '%s' has no data or no train section (expected: both, to be fed)"
              .formatted(run.run()));
    }
    PromptFile.read(run, Objects.requireNonNull(run.data(), "data").prompts());
    this.place = place;
    this.run = run;
    this.steps = Objects.requireNonNull(run.train(), "train").steps();
    EvaluateSection evaluate = run.evaluate();
    this.evaluationSize = evaluate == null ? 0 : evaluate.size();
  }

  /** Whether a run has prompts to feed and an end to wait for. */
  public static boolean isFed(RunFile run) {
    return run.data() != null && run.train() != null;
  }

  /**
   * Blocks until the last version is made and, where the run evaluates, evaluated.
   *
   * @param say given a line when the run stands still
   * @param view shown the figures now and then, on this thread
   * @param stopped asked now and then, on this thread
   * @return the last figures shown; empty when it was stopped before the end
   * @throws IllegalStateException when the prompts cannot be fed
   */
  public Optional<RunSnapshot> feed(
      Consumer<String> say, Consumer<RunSnapshot> view, BooleanSupplier stopped) {
    long begin = System.nanoTime();
    try (PromptFeeder feeder = new PromptFeeder(place, run.run());
        RunWatch watch = new RunWatch(place, run.run(), evaluationSize)) {
      feeder.start();
      while (!stopped.getAsBoolean()) {
        watch.poll(LOOK);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
        RunSnapshot snapshot =
            watch.read(figures -> SnapshotFactory.of(run.run(), steps, figures, elapsed));
        view.accept(snapshot);
        watch.standstill().ifPresent(say);
        if (watch.read(this::isOver)) {
          return Optional.of(snapshot);
        }
        if (feeder.health() instanceof ServiceComponent.Health.Broken(Throwable cause)) {
          throw new IllegalStateException("feeder stopped: " + cause.getMessage(), cause);
        }
      }
      return Optional.empty();
    }
  }

  private boolean isOver(RunStatistics figures) {
    return figures.step() >= steps
        && (evaluationSize == 0 || figures.evaluation(steps).isPresent());
  }
}
