package io.urteil.evaluation;

import io.urteil.evaluation.DirectVerdict.Choice;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.Measure;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates judges on the pairs of a benchmark within one process, without Kafka. {@link
 * BenchmarkEvaluation} uses the topics, with the same judges, inputs and measures.
 *
 * <p>A groupwise judge judges each pair in each order, in separate calls; a pointwise judge judges
 * it once. Comparisons run concurrently, so that the judge's engine has full batches. There are no
 * time limits and no retries.
 */
public final class DirectEvaluation {

  /** Concurrent comparisons: more than the slots of an engine, fewer than its queue. */
  private static final int IN_FLIGHT = 256;

  private static final int IN_FLIGHT_DURING_WARM_UP = 16;

  private static final String RUN = "direct";

  private final BenchmarkItems items;
  private final CandidateOrders orders;

  private DirectEvaluation(BenchmarkItems items, CandidateOrders orders) {
    this.items = items;
    this.orders = orders;
  }

  /**
   * The result of one judge.
   *
   * @param verdicts verdicts by pair and order, in the same sequence for all groupwise judges
   * @param accuracy accuracy under the rule of the benchmark, in 0..1
   * @param seconds wall time from the first call to the last finding
   */
  public record Judged(List<DirectVerdict> verdicts, double accuracy, double seconds) {
    public Judged {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** The result of one presentation. */
  private record JudgedPresentation(
      Presentation presentation, ComparisonVerdict verdict, DirectVerdict report) {}

  /**
   * An evaluation on the pairs of a benchmark.
   *
   * @param orders in which groupwise judges judge each pair; null for both
   * @throws IllegalArgumentException if the benchmark contains comparisons other than pairs
   */
  public static DirectEvaluation of(BenchmarkItems items, @Nullable CandidateOrders orders) {
    for (Comparison comparison : items.comparisons()) {
      if (!(comparison.gold() instanceof Comparison.Gold.Better)) {
        throw new IllegalArgumentException(
            "benchmark: '%s', comparison '%s' has %d candidates (expected: a pair with one better candidate)"
                .formatted(
                    items.benchmark().name(), comparison.id(), comparison.candidates().size()));
      }
    }
    return new DirectEvaluation(items, orders == null ? CandidateOrders.BOTH : orders);
  }

  /** The name of the benchmark. */
  public String name() {
    return items.benchmark().name();
  }

  /** The rule of the accuracy, in words. */
  public String rule() {
    return measure().rule();
  }

  /** The SHA-256 of each file, by name. */
  public SequencedMap<String, String> data() {
    return items.hashes();
  }

  /** Number of pairs. */
  public int pairs() {
    return items.comparisons().size();
  }

  /**
   * Number of verdicts of a judge.
   *
   * @param groupwise whether the judge is groupwise and therefore judges both orders
   */
  public int comparisons(boolean groupwise) {
    return presentations(groupwise).size();
  }

  /**
   * Judges every pair. An exception of the judge makes the comparison failed; the others continue.
   *
   * @param progress receives the number of judged presentations, on the calling thread
   * @throws InterruptedException if the calling thread is interrupted; running calls are cancelled
   */
  public Judged judge(Judge judge, LongConsumer progress) throws InterruptedException {
    List<Presentation> presentations = presentations(judge);
    @Nullable JudgedPresentation[] judged = new JudgedPresentation[presentations.size()];
    long begin = System.nanoTime();
    ExecutorService threads = threads(IN_FLIGHT);
    try {
      ExecutorCompletionService<JudgedPresentation> answers =
          new ExecutorCompletionService<>(threads);
      presentations.forEach(one -> answers.submit(() -> judgePresentation(judge, one)));
      for (int done = 1; done <= judged.length; done++) {
        JudgedPresentation one = answers.take().get();
        judged[one.presentation().number()] = one;
        progress.accept(done);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("judge failed: " + e.getCause(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<JudgedPresentation> all = Arrays.stream(judged).map(Objects::requireNonNull).toList();
    return new Judged(
        all.stream().map(JudgedPresentation::report).toList(), accuracy(all), seconds);
  }

  /**
   * Judges the first pairs repeatedly and discards the findings, so that later timings exclude JIT
   * compilation. Running calls are cancelled at the end.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  public void warmUp(Judge judge, Duration time) throws InterruptedException {
    List<Presentation> presentations = presentations(judge);
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = threads(IN_FLIGHT_DURING_WARM_UP)) {
      ExecutorCompletionService<JudgedPresentation> answers =
          new ExecutorCompletionService<>(threads);
      for (int i = 0; i < IN_FLIGHT_DURING_WARM_UP; i++) {
        Presentation one = presentations.get(i % presentations.size());
        answers.submit(() -> judgePresentation(judge, one));
      }
      try {
        int next = IN_FLIGHT_DURING_WARM_UP;
        for (long left = time.toNanos();
            left > 0 && answers.poll(left, TimeUnit.NANOSECONDS) != null;
            left = end - System.nanoTime()) {
          Presentation one = presentations.get(next++ % presentations.size());
          answers.submit(() -> judgePresentation(judge, one));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static ExecutorService threads(int number) {
    return Executors.newFixedThreadPool(
        number, Thread.ofVirtual().name("direct-judging-", 0).factory());
  }

  private List<Presentation> presentations(Judge judge) {
    return presentations(
        switch (judge) {
          case PointwiseJudge alone -> false;
          case GroupJudge comparing -> true;
        });
  }

  private List<Presentation> presentations(boolean groupwise) {
    CandidateOrders judged = groupwise ? orders : CandidateOrders.GIVEN;
    return items.presentations(comparison -> Presentation.orders(judged, comparison, 0));
  }

  private static JudgedPresentation judgePresentation(Judge judge, Presentation presentation)
      throws InterruptedException {
    List<Finding> findings;
    try {
      findings = findings(judge, presentation);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      Finding failed = new Finding.Failed(e.toString(), Evidence.NONE);
      findings = List.of(failed, failed);
    }
    CandidateOrder order = presentation.order();
    ComparisonVerdict verdict =
        ComparisonVerdictReader.ofFindings(order, judge.version(), findings);
    List<@Nullable Double> scores = new ArrayList<>();
    for (int position = 0; position < findings.size(); position++) {
      scores.add(score(findings.get(position), position));
    }
    Comparison comparison = presentation.comparison();
    return new JudgedPresentation(
        presentation,
        verdict,
        new DirectVerdict(
            comparison.id(),
            order.name(),
            choice(ComparisonVerdict.of(comparison.better())),
            choice(verdict),
            order.backFrom(scores),
            text(findings),
            error(findings)));
  }

  private static List<Finding> findings(Judge judge, Presentation presentation) throws Exception {
    List<Rollout> shown = ComparisonEvents.rollouts(RUN, presentation, Instant.EPOCH);
    return switch (judge) {
      case PointwiseJudge alone -> {
        List<Finding> findings = new ArrayList<>();
        for (Rollout rollout : shown) {
          findings.add(alone.judge(rollout));
        }
        yield findings;
      }
      case GroupJudge comparing -> {
        Rollout first = shown.getFirst();
        yield comparing.judge(new CandidateGroup(first.getGroupId(), first.getArm(), shown));
      }
    };
  }

  private static Choice choice(ComparisonVerdict verdict) {
    return switch (verdict.status()) {
      case SCORED ->
          switch (verdict.preference().orElseThrow()) {
            case A -> Choice.A;
            case B -> Choice.B;
            case TIE -> Choice.TIE;
          };
      case UNPARSEABLE -> Choice.UNPARSEABLE;
      case ABSTAINED -> Choice.ABSTAINED;
      case FAILED, TIMED_OUT, UNKNOWN -> Choice.FAILED;
    };
  }

  /**
   * The model's score of the candidate at a presented position: from the first vote with a
   * preference, which presented the pair in this order; else from the candidate's own verdict.
   */
  private static @Nullable Double score(Finding finding, int position) {
    if (!(finding instanceof Finding.Scored scored)) {
      return null;
    }
    for (Vote vote : scored.evidence().votes()) {
      Verdict verdict = vote.getVerdict();
      if (verdict != null && verdict.getPreference() != null) {
        return verdict.getScores().size() == 2 ? verdict.getScores().get(position) : null;
      }
    }
    List<Double> scores = scored.verdict().getScores();
    return scores.size() == 1 ? scores.getFirst() : null;
  }

  private static @Nullable String text(List<Finding> findings) {
    List<String> texts =
        findings.stream()
            .flatMap(finding -> finding.evidence().votes().stream())
            .map(Vote::getText)
            .filter(Objects::nonNull)
            .toList();
    return texts.isEmpty() ? null : String.join("\n", texts);
  }

  private static @Nullable String error(List<Finding> findings) {
    for (Finding finding : findings) {
      if (finding instanceof Finding.Failed(String error, Evidence evidence)) {
        return error;
      }
    }
    return null;
  }

  private double accuracy(List<JudgedPresentation> all) {
    Map<Comparison, SequencedMap<CandidateOrder, ComparisonVerdict>> rulings =
        new LinkedHashMap<>();
    for (JudgedPresentation one : all) {
      rulings
          .computeIfAbsent(one.presentation().comparison(), pair -> new LinkedHashMap<>())
          .put(one.presentation().order(), one.verdict());
    }
    return measure()
        .accuracy(
            rulings.entrySet().stream()
                .map(pair -> new JudgedComparison(pair.getKey(), pair.getValue()))
                .toList());
  }

  private Measure measure() {
    return items.benchmark().measure().apply(items.comparisons());
  }
}
