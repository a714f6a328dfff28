package io.urteil.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.metrics.RunScopes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Meters of a judge worker, its shadow judges included. Thread-safe. */
final class JudgeMetrics implements AutoCloseable {

  static final MeterDefinition JUDGEMENTS =
      MeterDefinition.counter(
          "judge.judgements",
          "judgements",
          "Judgements published.",
          "component",
          "run",
          "judge",
          "status",
          "cause");
  static final MeterDefinition LATENCY =
      MeterDefinition.timer(
          "judge.latency",
          "Time from the first call of a judge to its finding, retries included. A groupwise judge"
              + " is observed once per member.",
          "component",
          "run",
          "judge");
  static final MeterDefinition TOKENS =
      MeterDefinition.counter(
          "judge.tokens",
          "tokens",
          "Tokens read (prompt) and written (completion) by the judge's model.",
          "component",
          "run",
          "judge",
          "type");
  static final MeterDefinition RENEWED_LOCKS =
      MeterDefinition.counter(
          "judge.renewed.locks",
          "locks",
          "Record locks renewed because a record was not judged within a third of the lock"
              + " duration.",
          "group");
  static final MeterDefinition REFUSED_ACKNOWLEDGEMENTS =
      MeterDefinition.counter(
          "judge.refused.acknowledgements",
          "acknowledgements",
          "Acknowledgements rejected by the broker, one per partition, because record locks were"
              + " lost; the records are redelivered.",
          "group");

  /** What {@link Throwable#toString()} begins with. */
  private static final Pattern EXCEPTION =
      Pattern.compile("^(?:[a-z]\\w*\\.)+(?:\\w+\\$)*(\\w+(?:Exception|Error))(?::|$)");

  /** What {@code Judgement.fault} may say. */
  private static final Set<String> FAULTS = Set.of("structure", "scores");

  private static final String NO_CAUSE = "none";
  private static final String REPORTED = "reported";
  private static final String OTHER = "other";

  /** Names of exceptions that judges may throw; plug-ins bring their own. */
  private static final int MAX_EXCEPTIONS = 50;

  private record Ending(String component, String judge, JudgementStatus status, String cause) {}

  private record Asked(String component, String judge) {}

  /** The meters of one run. */
  private static final class OfRun {
    private final String runId;
    private final MeterScope scope;
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private final Map<Asked, OfJudge> judges = new ConcurrentHashMap<>();

    OfRun(String runId, MeterScope scope) {
      this.runId = runId;
      this.scope = scope;
    }

    Counter judgements(Ending ending) {
      return endings.computeIfAbsent(
          ending,
          made ->
              scope.counter(
                  JUDGEMENTS,
                  made.component(),
                  runId,
                  made.judge(),
                  made.status().name(),
                  made.cause()));
    }

    OfJudge judge(Asked asked) {
      return judges.computeIfAbsent(
          asked,
          made ->
              new OfJudge(
                  scope.timer(LATENCY, made.component(), runId, made.judge()),
                  scope.counter(TOKENS, made.component(), runId, made.judge(), "prompt"),
                  scope.counter(TOKENS, made.component(), runId, made.judge(), "completion")));
    }
  }

  private record OfJudge(Timer latency, Counter promptTokens, Counter completionTokens) {}

  private final MeterScope scope;
  private final RunScopes<OfRun> runs;
  private final Set<String> exceptions = ConcurrentHashMap.newKeySet();

  JudgeMetrics(MeterRegistry registry) {
    this.scope = new MeterScope(registry);
    this.runs = new RunScopes<>(registry, OfRun::new);
  }

  /** These judgements of a known run are published. */
  void judged(String component, List<Judgement> judgements) {
    for (Judgement judgement : judgements) {
      OfRun run = runs.of(judgement.getRunId());
      count(run, component, judgement, cause(judgement));
      OfJudge judge = run.judge(new Asked(component, judgement.getJudge()));
      judge.latency().record(judgement.getLatencyMillis(), TimeUnit.MILLISECONDS);
      judge.promptTokens().increment(judgement.getPromptTokens());
      judge.completionTokens().increment(judgement.getCompletionTokens());
    }
  }

  /**
   * These judgements of a record that was delivered too often are published; no judge was asked.
   */
  void abandoned(String component, List<Judgement> judgements) {
    for (Judgement judgement : judgements) {
      count(runs.of(judgement.getRunId()), component, judgement, DeadLetters.DELIVERY_LIMIT);
    }
  }

  /** Counters of record locks. */
  record Locks(Counter renewed, Counter refused) {}

  /**
   * The counters of a share group.
   *
   * @param group without the tenant's prefix
   */
  Locks locks(String group) {
    return new Locks(
        scope.counter(RENEWED_LOCKS, group), scope.counter(REFUSED_ACKNOWLEDGEMENTS, group));
  }

  private static void count(OfRun run, String component, Judgement judgement, String cause) {
    run.judgements(new Ending(component, judgement.getJudge(), judgement.getStatus(), cause))
        .increment();
  }

  /** A class of causes: never a text. */
  private String cause(Judgement judgement) {
    return switch (judgement.getStatus()) {
      case SCORED, ABSTAINED, UNKNOWN -> NO_CAUSE;
      case UNPARSEABLE -> fault(judgement.getFault());
      case TIMED_OUT -> "timeout";
      case FAILED -> exception(String.valueOf(judgement.getError()));
    };
  }

  private String exception(String error) {
    Matcher name = EXCEPTION.matcher(error);
    if (!name.find()) {
      return REPORTED;
    }
    String found = name.group(1);
    if (exceptions.size() < MAX_EXCEPTIONS) {
      exceptions.add(found);
    }
    return exceptions.contains(found) ? found : OTHER;
  }

  private static String fault(@Nullable String fault) {
    return fault == null ? REPORTED : FAULTS.contains(fault) ? fault : OTHER;
  }

  @Override
  public void close() {
    runs.close();
    scope.close();
  }
}
