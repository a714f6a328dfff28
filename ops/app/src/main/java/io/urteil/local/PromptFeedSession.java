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
 * Feeds the prompts of a published run, while sampler, judges, topology and trainer run in other
 * processes. Feeding is idempotent: the session may be stopped at any time and repeated.
 */
public final class PromptFeedSession {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private final Namespace namespace;
  private final RunFile run;
  private final int steps;
  private final int evaluationSize;

  /**
   * @throws IllegalArgumentException if the run has no data or no training, or its prompt file is
   *     unreadable
   */
  public PromptFeedSession(Namespace namespace, RunFile run) {
    if (!isFed(run)) {
      throw new IllegalArgumentException(
          "run '%s': no section data or train (expected: both)".formatted(run.run()));
    }
    PromptFile.read(run, Objects.requireNonNull(run.data(), "data").prompts());
    this.namespace = namespace;
    this.run = run;
    this.steps = Objects.requireNonNull(run.train(), "train").steps();
    EvaluateSection evaluate = run.evaluate();
    this.evaluationSize = evaluate == null ? 0 : evaluate.size();
  }

  /** Whether a run has prompts to feed and a number of updates to wait for. */
  public static boolean isFed(RunFile run) {
    return run.data() != null && run.train() != null;
  }

  /**
   * Blocks until the last policy version is trained and, if the run evaluates, evaluated.
   *
   * @param messages receives a line when the run stalls
   * @param view receives a snapshot a few times a second, on this thread
   * @param stopped polled a few times a second, on this thread; true ends the session
   * @return the last snapshot; empty if stopped before the end
   * @throws IllegalStateException if the feeder fails
   */
  public Optional<RunSnapshot> feed(
      Consumer<String> messages, Consumer<RunSnapshot> view, BooleanSupplier stopped) {
    long begin = System.nanoTime();
    try (PromptFeeder feeder = new PromptFeeder(namespace, run.run());
        RunWatch watch = new RunWatch(namespace, run.run(), evaluationSize)) {
      feeder.start();
      while (!stopped.getAsBoolean()) {
        watch.poll(POLL_TIMEOUT);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
        RunSnapshot snapshot =
            watch.read(figures -> SnapshotFactory.of(run.run(), steps, figures, elapsed));
        view.accept(snapshot);
        watch.stallReport().ifPresent(messages);
        if (watch.read(this::isDone)) {
          return Optional.of(snapshot);
        }
        if (feeder.health() instanceof ServiceComponent.Health.Failed(Throwable cause)) {
          throw new IllegalStateException("feeder failed: " + cause.getMessage(), cause);
        }
      }
      return Optional.empty();
    }
  }

  private boolean isDone(RunStatistics figures) {
    return figures.step() >= steps
        && (evaluationSize == 0 || figures.evaluation(steps).isPresent());
  }
}
