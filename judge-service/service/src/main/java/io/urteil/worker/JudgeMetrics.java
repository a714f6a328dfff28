package io.urteil.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.metrics.RunScopes;
import io.urteil.worker.share.LockCounters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
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
  static final MeterDefinition COST =
      MeterDefinition.counter(
          "judge.cost",
          "currency",
          "Cost of the tokens of judgements, at the price that the servers file declares.",
          "component",
          "run",
          "judge");
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

  /** The class name at the start of {@link Throwable#toString()}. */
  private static final Pattern EXCEPTION =
      Pattern.compile("^(?:[a-z]\\w*\\.)+(?:\\w+\\$)*(\\w+(?:Exception|Error))(?::|$)");

  /** The values of {@code Judgement.fault}. */
  private static final Set<String> FAULTS = Set.of("structure", "scores");

  private static final String NO_CAUSE = "none";
  private static final String REPORTED = "reported";
  private static final String OTHER = "other";

  /** Bound on label values: judge plug-ins throw exceptions of their own classes. */
  private static final int MAX_EXCEPTIONS = 50;

  private record Outcome(String component, String judge, JudgementStatus status, String cause) {}

  private record JudgeKey(String component, String judge) {}

  /** The meters of one run. */
  private static final class RunMeters {
    private final String runId;
    private final MeterScope scope;
    private final Map<Outcome, Counter> outcomes = new ConcurrentHashMap<>();
    private final Map<JudgeKey, JudgeMeters> judges = new ConcurrentHashMap<>();

    RunMeters(String runId, MeterScope scope) {
      this.runId = runId;
      this.scope = scope;
    }

    Counter judgements(Outcome outcome) {
      return outcomes.computeIfAbsent(
          outcome,
          key ->
              scope.counter(
                  JUDGEMENTS,
                  key.component(),
                  runId,
                  key.judge(),
                  key.status().name(),
                  key.cause()));
    }

    JudgeMeters judge(JudgeKey key) {
      return judges.computeIfAbsent(
          key,
          absent ->
              new JudgeMeters(
                  scope.timer(LATENCY, key.component(), runId, key.judge()),
                  scope.counter(TOKENS, key.component(), runId, key.judge(), "prompt"),
                  scope.counter(TOKENS, key.component(), runId, key.judge(), "completion"),
                  scope.counter(COST, key.component(), runId, key.judge())));
    }
  }

  private record JudgeMeters(
      Timer latency, Counter promptTokens, Counter completionTokens, Counter cost) {}

  private final ToDoubleFunction<Judgement> cost;
  private final MeterScope scope;
  private final RunScopes<RunMeters> runs;
  private final Set<String> exceptions = ConcurrentHashMap.newKeySet();

  /** Meters without a price of tokens. */
  JudgeMetrics(MeterRegistry registry) {
    this(registry, judgement -> 0);
  }

  /**
   * @param cost of a judgement, at least 0
   */
  JudgeMetrics(MeterRegistry registry, ToDoubleFunction<Judgement> cost) {
    this.cost = cost;
    this.scope = new MeterScope(registry);
    this.runs = new RunScopes<>(registry, RunMeters::new);
  }

  /** Counts judgements of known runs, after they were published. */
  void judged(String component, List<Judgement> judgements) {
    for (Judgement judgement : judgements) {
      RunMeters run = runs.of(judgement.getRunId());
      count(run, component, judgement, cause(judgement));
      JudgeMeters judge = run.judge(new JudgeKey(component, judgement.getJudge()));
      judge.latency().record(judgement.getLatencyMillis(), TimeUnit.MILLISECONDS);
      judge.promptTokens().increment(judgement.getPromptTokens());
      judge.completionTokens().increment(judgement.getCompletionTokens());
      judge.cost().increment(cost.applyAsDouble(judgement));
    }
  }

  /**
   * Counts the judgements of a rejected record; no judge was called.
   *
   * @param cause of its dead letter
   */
  void abandoned(String component, List<Judgement> judgements, String cause) {
    for (Judgement judgement : judgements) {
      count(runs.of(judgement.getRunId()), component, judgement, cause);
    }
  }

  /**
   * The counters of a share group.
   *
   * @param group without the topic prefix
   */
  LockCounters locks(String group) {
    return new LockCounters(
        scope.counter(RENEWED_LOCKS, group), scope.counter(REFUSED_ACKNOWLEDGEMENTS, group));
  }

  private static void count(RunMeters run, String component, Judgement judgement, String cause) {
    run.judgements(new Outcome(component, judgement.getJudge(), judgement.getStatus(), cause))
        .increment();
  }

  /** The cause as a label: of few values and never free text. */
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
