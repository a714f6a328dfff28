package io.urteil.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.benchmark.DataFile;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.benchmark.RecordedJudgeProvider;
import io.urteil.evaluation.benchmark.RecordedVerdicts;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.Measure;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.event.Namespace;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.reward.RewardRule;
import io.urteil.run.RunFile;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgeSection;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of one judge, or of all judges of a file of recorded verdicts, on one benchmark:
 * presentations, run file and report.
 */
public final class BenchmarkEvaluation {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchmarkItems items;
  private final Function<Comparison, List<CandidateOrder>> ordersOf;
  private final String orders;
  private final long seed;
  private final EvaluationRunFile runFile;
  private final boolean pointwise;
  private final List<Presentation> presentations;
  private @Nullable JudgementIndex judgements;
  private int alreadyJudged;
  private double seconds;

  private BenchmarkEvaluation(
      BenchmarkItems items,
      Function<Comparison, List<CandidateOrder>> ordersOf,
      String orders,
      long seed,
      SequencedMap<String, JudgeSection> judges,
      @Nullable RewardRule reward) {
    this.items = items;
    this.ordersOf = ordersOf;
    this.orders = orders;
    this.seed = seed;
    List<String> decided = new ArrayList<>(items.hashes().values());
    decided.add(orders);
    decided.add(String.valueOf(seed));
    this.runFile = EvaluationRunFile.of(items.benchmark().name(), judges, reward, decided);
    this.pointwise = !runFile.isGroupwise();
    this.presentations =
        items.presentations(
            pointwise ? one -> List.of(CandidateOrder.given(one.candidates().size())) : ordersOf);
  }

  /**
   * An evaluation of one judge.
   *
   * @param orders null for the orders of the benchmark
   * @param reward reward section of the judge's run file; null for none
   */
  public static BenchmarkEvaluation of(
      BenchmarkItems items,
      @Nullable CandidateOrders orders,
      long seed,
      String name,
      JudgeSection judge,
      @Nullable RewardRule reward) {
    CandidateOrders judged = orders == null ? items.benchmark().orders() : orders;
    SequencedMap<String, JudgeSection> judges = new LinkedHashMap<>();
    judges.put(name, judge);
    return new BenchmarkEvaluation(
        items,
        comparison -> Presentation.orders(judged, comparison, seed),
        judged.name().toLowerCase(Locale.ROOT),
        seed,
        judges,
        reward);
  }

  /**
   * An evaluation of recorded verdicts.
   *
   * @param orders null for the recorded orders
   * @param judge the judge to evaluate; null for all judges of the file
   */
  public static BenchmarkEvaluation ofRecorded(
      BenchmarkItems items,
      @Nullable CandidateOrders orders,
      long seed,
      Path recorded,
      @Nullable String judge)
      throws IOException {
    RecordedVerdicts all =
        RecordedVerdicts.read(
            DataFile.read("--recorded-verdicts", recorded),
            items.all().stream().map(Comparison::id).toList());
    RecordedVerdicts verdicts = judge == null ? all : all.of(judge);
    SequencedMap<String, JudgeSection> judges = new LinkedHashMap<>();
    for (String name : verdicts.byJudge().keySet()) {
      ObjectNode settings = JSON.createObjectNode();
      settings.put("file", recorded.toAbsolutePath().normalize().toString()).put("judge", name);
      judges.put(name, new CustomJudge(RecordedJudgeProvider.TYPE, true, settings));
    }
    Map<String, SequencedSet<CandidateOrder>> recordedOrders = verdicts.orders();
    return new BenchmarkEvaluation(
        items,
        comparison ->
            orders != null
                ? Presentation.orders(orders, comparison, seed)
                : orders(comparison, recordedOrders.get(comparison.id())),
        orders == null ? "recorded" : orders.name().toLowerCase(Locale.ROOT),
        seed,
        judges,
        null);
  }

  private static List<CandidateOrder> orders(
      Comparison comparison, @Nullable SequencedSet<CandidateOrder> recorded) {
    return recorded == null
        ? List.of(CandidateOrder.given(comparison.candidates().size()))
        : List.copyOf(recorded);
  }

  /** Number of presentations to judge. */
  public int presentations() {
    return presentations.size();
  }

  /** The run file that the evaluation publishes. */
  public RunFile run() {
    return runFile.file();
  }

  /**
   * Streams all unjudged presentations through the topics and blocks until their judgements arrive.
   *
   * @param rejudge whether to judge everything again
   * @param failure the error of a failed component of this process, if any
   * @param progress receives the number of judged presentations several times a second
   * @throws IllegalStateException if a component has failed or an event was not published
   */
  public void judge(
      Namespace namespace,
      boolean rejudge,
      Supplier<Optional<Throwable>> failure,
      LongConsumer progress) {
    long begin = System.nanoTime();
    EvaluationSession session = new EvaluationSession(namespace, runFile, failure);
    alreadyJudged = session.judge(presentations, rejudge, progress);
    judgements = session.index();
    seconds = (System.nanoTime() - begin) / 1e9;
  }

  /**
   * The report over the judgements so far.
   *
   * @param command the arguments of the command
   * @param itemsFile name of the file that {@link #writeItems} writes; null if it is not written
   */
  public EvaluationReport report(List<String> command, String version, @Nullable String itemsFile) {
    Measure measure = items.benchmark().measure().apply(items.comparisons());
    SequencedMap<String, EvaluationResult> judges = new LinkedHashMap<>();
    for (String judge : runFile.judges()) {
      judges.put(judge, EvaluationResult.of(outcomes(judge), measure, seed));
    }
    RunFile run = run();
    return new EvaluationReport(
        new EvaluationReport.Subject(
            items.benchmark().name(),
            items.hashes(),
            judges.size() == 1 ? judges.firstEntry().getKey() : null),
        new EvaluationReport.Inputs(run.hash(), run.text(), runFile.inputs()),
        new EvaluationReport.Invocation(command, version, machine()),
        orders,
        seed,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        new EvaluationReport.Progress(seconds, alreadyJudged),
        new EvaluationReport.Rulings(measure.rule(), itemsFile, items.comparisons().size()),
        EvaluationReport.Figures.of(judges),
        measure.baselines(items.comparisons()),
        judges);
  }

  /** Writes every verdict as one JSON line. */
  public void writeItems(Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (String judge : runFile.judges()) {
        for (Presentation presentation : presentations) {
          ItemsFile.write(out, judge, presentation, judged().of(judge, presentation));
        }
      }
    }
  }

  /**
   * The verdicts of a judge by comparison and order. A pointwise judge does not depend on the
   * order, so its verdict counts for all orders.
   */
  private List<JudgedComparison> outcomes(String judge) {
    Map<String, SequencedMap<CandidateOrder, ComparisonVerdict>> verdicts = new LinkedHashMap<>();
    for (Presentation presentation : presentations) {
      Comparison comparison = presentation.comparison();
      ComparisonVerdict verdict =
          ComparisonVerdictReader.read(presentation.order(), judged().of(judge, presentation));
      SequencedMap<CandidateOrder, ComparisonVerdict> byOrder =
          verdicts.computeIfAbsent(comparison.id(), id -> new LinkedHashMap<>());
      List<CandidateOrder> judgedOrders =
          pointwise ? ordersOf.apply(comparison) : List.of(presentation.order());
      judgedOrders.forEach(order -> byOrder.put(order, verdict));
    }
    return items.comparisons().stream()
        .map(
            comparison ->
                new JudgedComparison(
                    comparison, verdicts.getOrDefault(comparison.id(), new LinkedHashMap<>())))
        .toList();
  }

  private JudgementIndex judged() {
    if (judgements == null) {
      throw new IllegalStateException("no judgements (expected: a call of judge() first)");
    }
    return judgements;
  }

  private static String machine() {
    return "%s, %d processors, Java %s"
        .formatted(
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version());
  }
}
