package io.urteil.local.demo;

import io.urteil.event.GroupOutcome;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReference;
import io.urteil.local.AllInOne;
import io.urteil.local.view.RunSnapshot;
import io.urteil.local.watch.RunStatistics;
import io.urteil.local.watch.RunWatch;
import io.urteil.local.watch.SnapshotFactory;
import io.urteil.run.RunFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs one demo to its end: starts every part, watches the topics, and gives the report and one
 * held-out judgement as it was before and after.
 */
public final class Demo {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Path directory;
  private final RunFile run;

  /** The demo of a run whose files are in {@code directory}; see {@link DemoDirectory}. */
  public Demo(Path directory, RunFile run) {
    this.directory = directory;
    this.run = run;
  }

  /**
   * What a demo ends with.
   *
   * @param before a rollout of a held-out problem by version 0
   * @param after a rollout of the same problem, in the same order, by the last version
   */
  public record Outcome(DemoReport report, Optional<Comparison> comparison) {}

  /** One held-out judgement by the first and by the last version. */
  public record Comparison(String prompt, String reference, String before, String after) {}

  /**
   * Blocks until the last version is evaluated.
   *
   * @param say given a line once every part is at work, and when the run stands still
   * @param view shown the figures now and then, on this thread
   * @param stopped asked now and then, on this thread
   * @return empty when it was stopped before the end; every part is closed then
   * @throws IllegalStateException when a part breaks
   */
  public Optional<Outcome> run(
      Consumer<String> say, Consumer<RunSnapshot> view, BooleanSupplier stopped) {
    long begin = System.nanoTime();
    int steps = Objects.requireNonNull(run.train(), "train").steps();
    int evaluationSize = Objects.requireNonNull(run.evaluate(), "evaluate").size();
    try (AllInOne all = AllInOne.start(directory, run);
        RunWatch watch = new RunWatch(all.place(), run.run(), evaluationSize)) {
      say.accept("all parts are at work");
      while (watch.read(figures -> figures.evaluation(steps).isEmpty())) {
        if (stopped.getAsBoolean()) {
          return Optional.empty();
        }
        watch.poll(LOOK);
        watch.read(
            figures -> {
              Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
              view.accept(SnapshotFactory.of(run.run(), steps, figures, elapsed));
              return figures;
            });
        watch.standstill().ifPresent(say);
        all.broken()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException(cause.getMessage(), cause);
                });
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      DemoReport report = watch.read(figures -> DemoReport.of(run, figures, seconds));
      return Optional.of(
          new Outcome(
              report,
              watch.read(figures -> comparison(all.place(), figures, steps, evaluationSize))));
    }
  }

  /** A problem that version 0 got wrong and the last one right, or any other when there is none. */
  private static Optional<Comparison> comparison(
      Namespace place, RunStatistics figures, int steps, int size) {
    Set<Long> wrongBefore =
        figures.evaluationGroups(0).stream()
            .filter(group -> Boolean.FALSE.equals(first(group).getRight()))
            .map(group -> problem(group, size))
            .collect(Collectors.toCollection(HashSet::new));
    Optional<GroupOutcome> after =
        figures.evaluationGroups(steps).stream()
            .filter(group -> Boolean.TRUE.equals(first(group).getRight()))
            .min(
                Comparator.comparing(
                        (GroupOutcome group) -> !wrongBefore.contains(problem(group, size)))
                    .thenComparingLong(GroupOutcome::getOrdinal));
    return after.flatMap(
        group ->
            figures.evaluationGroups(0).stream()
                .filter(before -> problem(before, size) == problem(group, size))
                .findFirst()
                .flatMap(before -> comparison(place, first(before), first(group))));
  }

  private static Optional<Comparison> comparison(
      Namespace place, OutcomeMember before, OutcomeMember after) {
    RolloutReference one = before.getRollout();
    RolloutReference other = after.getRollout();
    if (one == null || other == null) {
      return Optional.empty();
    }
    try (RolloutReader reader = new RolloutReader(place)) {
      var payloads = reader.read(List.of(one, other));
      if (payloads.get(one) instanceof RolloutReader.Payload.Found(Rollout first)
          && payloads.get(other) instanceof RolloutReader.Payload.Found(Rollout last)) {
        return Optional.of(
            new Comparison(
                String.valueOf(first.getSegments().getFirst().getText()),
                String.valueOf(first.getReference()),
                String.valueOf(first.getSegments().getLast().getText()),
                String.valueOf(last.getSegments().getLast().getText())));
      }
      return Optional.empty();
    }
  }

  private static OutcomeMember first(GroupOutcome group) {
    return group.getMembers().getFirst();
  }

  /**
   * Every version is evaluated on the same prompts in the same order, so their place names them.
   */
  private static long problem(GroupOutcome group, int evaluationSize) {
    return group.getOrdinal() % evaluationSize;
  }
}
