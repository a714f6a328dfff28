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
 * takes the judgements as they come. Runs on the caller's thread:
 *
 * <ol>
 *   <li>what earlier sessions of the same evaluation left on {@code judgements} is read; those that
 *       no judge failed on are not judged again,
 *   <li>the run of this session is published; each presentation left becomes a prompt and one
 *       rollout a candidate; at most {@link #IN_FLIGHT} wait for judgements at a time,
 *   <li>a presentation is done when every candidate has a judgement by every judge.
 * </ol>
 */
final class EvaluationSession {

  private static final int IN_FLIGHT = 500;

  private final Namespace place;
  private final EvaluationRunFile runFile;
  private final JudgementIndex ledger;
  private final Supplier<Optional<Throwable>> broken;
  private final EventLog log;

  /**
   * @param broken what broke the parts that judge here, if anything did
   */
  EvaluationSession(
      Namespace place, EvaluationRunFile runFile, Supplier<Optional<Throwable>> broken) {
    this.place = place;
    this.runFile = runFile;
    this.ledger = new JudgementIndex(runFile.evaluation());
    this.broken = broken;
    this.log = new EventLog(place);
  }

  /**
   * Judges what is not judged yet.
   *
   * @param again whether everything is judged anew
   * @param progress told how many presentations are done, now and then
   * @return how many were judged before
   * @throws IllegalStateException when a part that judges has stopped
   */
  int judge(List<Presentation> presentations, boolean again, LongConsumer progress) {
    Set<String> judges = runFile.judges();
    if (!again) {
      log.scan(Topic.JUDGEMENTS, Judgement.class, found -> ledger.add(found.event()));
    }
    Deque<Presentation> left = new ArrayDeque<>();
    for (Presentation presentation : presentations) {
      if (!ledger.isComplete(judges, presentation) || ledger.hasFailed(judges, presentation)) {
        left.add(presentation);
      }
    }
    int before = presentations.size() - left.size();
    progress.accept(before);
    if (!left.isEmpty()) {
      judge(left, presentations.size(), progress);
    }
    return before;
  }

  JudgementIndex ledger() {
    return ledger;
  }

  private void judge(Deque<Presentation> left, int total, LongConsumer progress) {
    int session = nextSession();
    String runId = ledger.runId(session);
    Set<Presentation> open = new HashSet<>();
    Deque<Sent> unacknowledged = new ArrayDeque<>();
    try (EventProducer producer = EventProducer.idempotent(place);
        LogFollower judgements = log.followFromTheEnd(Topic.JUDGEMENTS)) {
      RunRegistry.publish(producer, runFile.run(runId));
      while (!left.isEmpty() || !open.isEmpty()) {
        while (!left.isEmpty() && open.size() < IN_FLIGHT) {
          Presentation next = left.remove();
          send(producer, runId, next, unacknowledged);
          open.add(next);
        }
        requireAcknowledged(unacknowledged);
        judgements.poll(
            Duration.ofMillis(100), Judgement.class, found -> ledger.add(found.event()));
        open.removeIf(presentation -> isJudgedIn(session, presentation));
        progress.accept(total - left.size() - open.size());
        broken
            .get()
            .ifPresent(
                cause -> {
                  throw new IllegalStateException("judging stopped: " + cause.getMessage(), cause);
                });
      }
    }
  }

  private boolean isJudgedIn(int session, Presentation presentation) {
    return ledger.isComplete(runFile.judges(), presentation)
        && runFile.judges().stream()
            .flatMap(judge -> ledger.of(judge, presentation).values().stream())
            .allMatch(judgement -> ledger.session(judgement.getRunId()) == session);
  }

  private int nextSession() {
    try (RunRegistry runs = new RunRegistry(place)) {
      return 1 + runs.all().keySet().stream().mapToInt(ledger::session).max().orElse(0);
    }
  }

  /** An event on its way. */
  private record Sent(Presentation presentation, Future<RecordMetadata> acknowledged) {}

  private static void send(
      EventProducer producer, String runId, Presentation presentation, Deque<Sent> sent) {
    Instant now = Instant.now();
    String group = ComparisonEvents.groupId(runId, presentation.number());
    Prompt prompt = ComparisonEvents.prompt(runId, presentation, now);
    sent.add(new Sent(presentation, producer.send(Topic.PROMPTS, group, prompt)));
    for (Rollout rollout : ComparisonEvents.rollouts(runId, presentation, now)) {
      sent.add(new Sent(presentation, producer.send(Topic.ROLLOUTS, group, rollout)));
    }
  }

  /** Forgets what the log has; what it will never have would be waited for without end. */
  private static void requireAcknowledged(Deque<Sent> sent) {
    while (!sent.isEmpty() && sent.getFirst().acknowledged().isDone()) {
      Sent first = sent.removeFirst();
      if (first.acknowledged().state() == Future.State.FAILED) {
        Throwable cause = first.acknowledged().exceptionNow();
        throw new IllegalStateException(
            "comparison '%s' could not be sent: %s"
                .formatted(first.presentation().comparison().id(), cause.getMessage()),
            cause);
      }
    }
  }
}
