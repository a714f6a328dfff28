package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.run.RunRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Streams the presentations of an evaluation through {@code prompts} and {@code rollouts}, and
 * collects the judgements. Runs on the caller's thread:
 *
 * <ol>
 *   <li>reads the judgements of earlier sessions of the evaluation; only presentations with a
 *       missing or failed judgement are judged again,
 *   <li>publishes the run of this session, and each remaining presentation as a prompt and one
 *       rollout per candidate; at most {@link #IN_FLIGHT} presentations wait for judgements,
 *   <li>completes a presentation when every candidate has a judgement of every judge.
 * </ol>
 */
final class EvaluationSession {

  private static final int IN_FLIGHT = 500;

  private final Namespace namespace;
  private final EvaluationRunFile runFile;
  private final JudgementIndex index;
  private final Supplier<Optional<Throwable>> failure;
  private final EventLog events;

  /**
   * @param failure the error of a failed component of this process, if any
   */
  EvaluationSession(
      Namespace namespace, EvaluationRunFile runFile, Supplier<Optional<Throwable>> failure) {
    this.namespace = namespace;
    this.runFile = runFile;
    this.index = new JudgementIndex(runFile.evaluation());
    this.failure = failure;
    this.events = new EventLog(namespace);
  }

  /**
   * Judges the remaining presentations and blocks until all are judged.
   *
   * @param rejudge whether to judge everything again
   * @param progress receives the number of judged presentations several times a second
   * @return the number of presentations that earlier sessions judged
   * @throws IllegalStateException if a component has failed or an event was not published
   */
  int judge(List<Presentation> presentations, boolean rejudge, LongConsumer progress) {
    Set<String> judges = runFile.judges();
    if (!rejudge) {
      events.scan(Topic.JUDGEMENTS, Judgement.class, found -> index.add(found.event()));
    }
    Deque<Presentation> remaining = new ArrayDeque<>();
    for (Presentation presentation : presentations) {
      if (!index.isComplete(judges, presentation) || index.hasFailed(judges, presentation)) {
        remaining.add(presentation);
      }
    }
    int before = presentations.size() - remaining.size();
    progress.accept(before);
    if (!remaining.isEmpty()) {
      judge(remaining, presentations.size(), progress);
    }
    return before;
  }

  JudgementIndex index() {
    return index;
  }

  private void judge(Deque<Presentation> remaining, int total, LongConsumer progress) {
    int session = nextSession();
    String runId = index.runId(session);
    Set<Presentation> open = new HashSet<>();
    Deque<Unacknowledged> unacknowledged = new ArrayDeque<>();
    try (EventProducer producer = EventProducer.idempotent(namespace);
        LogFollower judgements = events.followFromTheEnd(Topic.JUDGEMENTS)) {
      RunRegistry.publish(producer, runFile.run(runId));
      while (!remaining.isEmpty() || !open.isEmpty()) {
        while (!remaining.isEmpty() && open.size() < IN_FLIGHT) {
          Presentation next = remaining.remove();
          send(producer, runId, next, unacknowledged);
          open.add(next);
        }
        requireAcknowledged(unacknowledged);
        judgements.poll(Duration.ofMillis(100), Judgement.class, found -> index.add(found.event()));
        open.removeIf(presentation -> isJudgedIn(session, presentation));
        progress.accept(total - remaining.size() - open.size());
        failure
            .get()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException("judging failed: " + cause.getMessage(), cause);
                });
      }
    }
  }

  private boolean isJudgedIn(int session, Presentation presentation) {
    return index.isComplete(runFile.judges(), presentation)
        && runFile.judges().stream()
            .flatMap(judge -> index.of(judge, presentation).values().stream())
            .allMatch(judgement -> index.session(judgement.getRunId()) == session);
  }

  private int nextSession() {
    try (RunRegistry runs = new RunRegistry(namespace)) {
      return 1 + runs.all().keySet().stream().mapToInt(index::session).max().orElse(0);
    }
  }

  /** A published event that is not yet acknowledged. */
  private record Unacknowledged(Presentation presentation, Future<RecordMetadata> acknowledged) {}

  private static void send(
      EventProducer producer, String runId, Presentation presentation, Deque<Unacknowledged> sent) {
    Instant now = Instant.now();
    String group = ComparisonEvents.groupId(runId, presentation.number());
    Prompt prompt = ComparisonEvents.prompt(runId, presentation, now);
    sent.add(new Unacknowledged(presentation, producer.send(Topic.PROMPTS, group, prompt)));
    for (Rollout rollout : ComparisonEvents.rollouts(runId, presentation, now)) {
      sent.add(new Unacknowledged(presentation, producer.send(Topic.ROLLOUTS, group, rollout)));
    }
  }

  /** Removes acknowledged events. Throws for a failed one, whose judgement would never arrive. */
  private static void requireAcknowledged(Deque<Unacknowledged> sent) {
    while (!sent.isEmpty() && sent.getFirst().acknowledged().isDone()) {
      Unacknowledged first = sent.removeFirst();
      if (first.acknowledged().state() == Future.State.FAILED) {
        Throwable cause = first.acknowledged().exceptionNow();
        throw new IllegalStateException(
            "cannot publish comparison '%s': %s"
                .formatted(first.presentation().comparison().id(), cause.getMessage()),
            cause);
      }
    }
  }
}
