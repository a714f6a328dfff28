package io.urteil.evaluation;

import io.urteil.evaluation.DirectVerdict.Said;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.DataFile;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of a benchmark, judged by a judge that is asked directly, without a log: to ask several
 * judges the same in one process. {@link BenchmarkEvaluation} is the way over the topics; the
 * judges, what they read and how it counts are the same.
 *
 * <p>Each pair is judged in both orders, each on its own; a judge that looks at one candidate at a
 * time sees no order and is asked once. Many comparisons are under way together, so that the
 * judge's engine has full batches. There is no time limit, and nothing is tried twice.
 */
public final class DirectEvaluation {

  /** Comparisons under way at once: more than an engine has slots, fewer than it may have wait. */
  private static final int IN_FLIGHT = 256;

  private static final int IN_FLIGHT_TO_WARM_UP = 16;

  private static final String RUN = "direct";

  private final Benchmark benchmark;
  private final SequencedMap<String, String> data;
  private final List<Comparison> comparisons;

  private DirectEvaluation(
      Benchmark benchmark, SequencedMap<String, String> data, List<Comparison> comparisons) {
    this.benchmark = benchmark;
    this.data = data;
    this.comparisons = comparisons;
  }

  /**
   * What a judge came to.
   *
   * @param verdicts in the order of pairs and orders, the same for every judge that compares
   * @param accuracy by the benchmark's own rule
   * @param seconds from the first question to the last answer
   */
  public record Judged(List<DirectVerdict> verdicts, double accuracy, double seconds) {
    public Judged {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** What became of one presentation. */
  private record Asked(
      Presentation presentation, ComparisonVerdict ruling, DirectVerdict verdict) {}

  /**
   * The pairs of this benchmark.
   *
   * @param files in place of those that come with Urteil, unless empty
   * @param limit only as many of its items, from the first; null for all
   * @throws IllegalArgumentException when a file cannot be used, or holds other than pairs
   */
  public static DirectEvaluation of(Benchmark benchmark, List<Path> files, @Nullable Integer limit)
      throws IOException {
    List<DataFile> read = benchmark.files(files);
    List<Comparison> comparisons = first(benchmark.read(read), limit);
    for (Comparison comparison : comparisons) {
      if (!(comparison.gold() instanceof Comparison.Gold.Better)) {
        throw new IllegalArgumentException(
            "benchmark: '%s', whose comparison '%s' has %d candidates (expected: one of pairs, of which one is better)"
                .formatted(benchmark.name(), comparison.id(), comparison.candidates().size()));
      }
    }
    SequencedMap<String, String> hashes = new LinkedHashMap<>();
    read.forEach(file -> hashes.put(file.name(), file.sha256()));
    return new DirectEvaluation(benchmark, hashes, comparisons);
  }

  private static List<Comparison> first(List<Comparison> all, @Nullable Integer limit) {
    if (limit == null) {
      return all;
    }
    Set<String> items =
        all.stream()
            .map(Comparison::cluster)
            .distinct()
            .limit(limit)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return all.stream().filter(one -> items.contains(one.cluster())).toList();
  }

  /** The benchmark's name. */
  public String name() {
    return benchmark.name();
  }

  /** The rule by which the accuracy counts, in words. */
  public String rule() {
    return measure().rule();
  }

  /** SHA-256 of each file, by name. */
  public SequencedMap<String, String> data() {
    return new LinkedHashMap<>(data);
  }

  /** How many pairs there are. */
  public int pairs() {
    return comparisons.size();
  }

  /**
   * How many verdicts a judge is asked for.
   *
   * @param comparesMembers whether it looks at candidates together, and so in both orders
   */
  public int comparisons(boolean comparesMembers) {
    return presentations(comparesMembers).size();
  }

  /**
   * Asks the judge about every pair. A comparison that the judge cannot be asked about has failed,
   * and the others are judged.
   *
   * @param progress told how many are judged, on the calling thread
   * @throws InterruptedException when the calling thread is interrupted; what is under way is
   *     cancelled
   */
  public Judged judge(Judge judge, LongConsumer progress) throws InterruptedException {
    List<Presentation> presentations = presentations(judge);
    @Nullable Asked[] asked = new Asked[presentations.size()];
    long begin = System.nanoTime();
    ExecutorService threads = threads(IN_FLIGHT);
    try {
      ExecutorCompletionService<Asked> answers = new ExecutorCompletionService<>(threads);
      presentations.forEach(one -> answers.submit(() -> ask(judge, one)));
      for (int done = 1; done <= asked.length; done++) {
        Asked one = answers.take().get();
        asked[one.presentation().number()] = one;
        progress.accept(done);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a judge broke: " + e.getCause(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<Asked> all = Arrays.stream(asked).map(Objects::requireNonNull).toList();
    return new Judged(all.stream().map(Asked::verdict).toList(), accuracy(all), seconds);
  }

  /**
   * Asks the judge about the first pairs, again and again, and forgets what it says: so that what
   * is timed next does not wait for the JVM to compile. What is under way at the end is cancelled.
   *
   * @throws InterruptedException when the calling thread is interrupted
   */
  public void warmUp(Judge judge, Duration time) throws InterruptedException {
    List<Presentation> presentations = presentations(judge);
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = threads(IN_FLIGHT_TO_WARM_UP)) {
      ExecutorCompletionService<Asked> answers = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < IN_FLIGHT_TO_WARM_UP; i++) {
        Presentation one = presentations.get(i % presentations.size());
        answers.submit(() -> ask(judge, one));
      }
      try {
        int next = IN_FLIGHT_TO_WARM_UP;
        for (long left = time.toNanos();
            left > 0 && answers.poll(left, TimeUnit.NANOSECONDS) != null;
            left = end - System.nanoTime()) {
          Presentation one = presentations.get(next++ % presentations.size());
          answers.submit(() -> ask(judge, one));
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

  private List<Presentation> presentations(boolean comparesMembers) {
    CandidateOrders orders = comparesMembers ? CandidateOrders.BOTH : CandidateOrders.GIVEN;
    return Presentation.all(comparisons, comparison -> Presentation.orders(orders, comparison, 0));
  }

  private static Asked ask(Judge judge, Presentation presentation) throws InterruptedException {
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
    ComparisonVerdict ruling = ComparisonVerdictReader.ofFindings(order, judge.version(), findings);
    List<@Nullable Double> scores = new ArrayList<>();
    for (int place = 0; place < findings.size(); place++) {
      scores.add(score(findings.get(place), place));
    }
    Comparison comparison = presentation.comparison();
    return new Asked(
        presentation,
        ruling,
        new DirectVerdict(
            comparison.id(),
            order.name(),
            said(ComparisonVerdict.of(comparison.better())),
            said(ruling),
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

  private static Said said(ComparisonVerdict ruling) {
    return switch (ruling.status()) {
      case SCORED ->
          switch (ruling.preference().orElseThrow()) {
            case A -> Said.A;
            case B -> Said.B;
            case TIE -> Said.TIE;
          };
      case UNPARSEABLE -> Said.UNPARSEABLE;
      case ABSTAINED -> Said.ABSTAINED;
      case FAILED, TIMED_OUT, UNKNOWN -> Said.FAILED;
    };
  }

  /**
   * What the model gave the candidate shown at this place: its score in the first vote that scored
   * both, which showed them in this order; else that of the verdict on it alone.
   */
  private static @Nullable Double score(Finding finding, int place) {
    if (!(finding instanceof Finding.Scored scored)) {
      return null;
    }
    for (Vote vote : scored.evidence().votes()) {
      Verdict verdict = vote.getVerdict();
      if (verdict != null && verdict.getPreference() != null) {
        return verdict.getScores().size() == 2 ? verdict.getScores().get(place) : null;
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

  private double accuracy(List<Asked> all) {
    Map<Comparison, SequencedMap<CandidateOrder, ComparisonVerdict>> rulings =
        new LinkedHashMap<>();
    for (Asked one : all) {
      rulings
          .computeIfAbsent(one.presentation().comparison(), pair -> new LinkedHashMap<>())
          .put(one.presentation().order(), one.ruling());
    }
    return measure()
        .accuracy(
            rulings.entrySet().stream()
                .map(pair -> new JudgedComparison(pair.getKey(), pair.getValue()))
                .toList());
  }

  private Measure measure() {
    return benchmark.measure().apply(comparisons);
  }
}
