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
 * Runs one demo: starts all components, follows the topics, and returns the report and one held-out
 * judgement by the first and the last policy version.
 */
public final class Demo {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private final Path directory;
  private final RunFile run;

  /** The demo of a run whose files are in {@code directory}; see {@link DemoDirectory}. */
  public Demo(Path directory, RunFile run) {
    this.directory = directory;
    this.run = run;
  }

  /**
   * The result of a demo.
   *
   * @param report the figures
   * @param comparison a held-out problem judged by version 0 and by the last version; empty without
   *     one
   */
  public record Result(DemoReport report, Optional<Comparison> comparison) {}

  /**
   * One held-out problem judged by two versions.
   *
   * @param prompt the judge's prompt
   * @param reference the letter of the correct candidate
   * @param before response of version 0
   * @param after response of the last version to the same problem in the same order
   */
  public record Comparison(String prompt, String reference, String before, String after) {}

  /**
   * Blocks until the last version is evaluated.
   *
   * @param messages receives a line when all components are started, and when the run stalls
   * @param view receives a snapshot a few times a second, on this thread
   * @param stopped polled a few times a second, on this thread; true ends the demo
   * @return the result; empty if stopped before the end. All components are closed in either case
   * @throws IllegalStateException if a component fails
   */
  public Optional<Result> run(
      Consumer<String> messages, Consumer<RunSnapshot> view, BooleanSupplier stopped) {
    long begin = System.nanoTime();
    int steps = Objects.requireNonNull(run.train(), "train").steps();
    int evaluationSize = Objects.requireNonNull(run.evaluate(), "evaluate").size();
    try (AllInOne all = AllInOne.start(directory, run);
        RunWatch watch = new RunWatch(all.namespace(), run.run(), evaluationSize)) {
      messages.accept("all components are running");
      while (watch.read(figures -> figures.evaluation(steps).isEmpty())) {
        if (stopped.getAsBoolean()) {
          return Optional.empty();
        }
        watch.poll(POLL_TIMEOUT);
        watch.read(
            figures -> {
              Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
              view.accept(SnapshotFactory.of(run.run(), steps, figures, elapsed));
              return figures;
            });
        watch.stallReport().ifPresent(messages);
        all.failure()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException(cause.getMessage(), cause);
                });
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      DemoReport report = watch.read(figures -> DemoReport.of(run, figures, seconds));
      return Optional.of(
          new Result(
              report,
              watch.read(figures -> comparison(all.namespace(), figures, steps, evaluationSize))));
    }
  }

  /**
   * A problem that version 0 judged wrongly and the last version correctly, else any that the last
   * version judged correctly.
   */
  private static Optional<Comparison> comparison(
      Namespace namespace, RunStatistics figures, int steps, int size) {
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
                .flatMap(before -> comparison(namespace, first(before), first(group))));
  }

  private static Optional<Comparison> comparison(
      Namespace namespace, OutcomeMember before, OutcomeMember after) {
    RolloutReference one = before.getRollout();
    RolloutReference other = after.getRollout();
    if (one == null || other == null) {
      return Optional.empty();
    }
    try (RolloutReader reader = new RolloutReader(namespace)) {
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
   * The index of a held-out problem. Every version is evaluated on the same prompts in the same
   * order.
   */
  private static long problem(GroupOutcome group, int evaluationSize) {
    return group.getOrdinal() % evaluationSize;
  }
}
