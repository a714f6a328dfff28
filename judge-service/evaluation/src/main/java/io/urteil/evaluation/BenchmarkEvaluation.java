package io.urteil.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.benchmark.DataFile;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.benchmark.RecordedJudgeProvider;
import io.urteil.evaluation.benchmark.RecordedVerdicts;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.Measure;
import io.urteil.evaluation.measure.PairedDifference;
import io.urteil.evaluation.report.EvaluationCase;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.evaluation.report.Machine;
import io.urteil.event.Namespace;
import io.urteil.model.file.FileHash;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.reward.RewardRule;
import io.urteil.run.RunFile;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgeSection;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The evaluation of one or several judges, or of all judges of a file of recorded verdicts, on one
 * benchmark: parts and report. All judges judge the same comparisons in the same orders. Each part
 * has its own run, so that its judgements count for every evaluation with the same judge.
 */
public final class BenchmarkEvaluation {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchmarkItems items;
  private final String orders;
  private final long seed;
  private final List<EvaluationPart> parts;
  private final SequencedMap<String, PartJudge> judges = new LinkedHashMap<>();
  private int alreadyJudged;
  private double seconds;

  /**
   * A judge to evaluate.
   *
   * @param label its name in the report
   * @param name its name in the run file
   * @param reward reward section of its run file; null for none
   */
  public record Evaluated(
      String label, String name, JudgeSection section, @Nullable RewardRule reward) {}

  /** A judge of a part. */
  private record PartJudge(EvaluationPart part, String name) {}

  private BenchmarkEvaluation(
      BenchmarkItems items, String orders, long seed, List<EvaluationPart> parts) {
    this.items = items;
    this.orders = orders;
    this.seed = seed;
    this.parts = List.copyOf(parts);
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
    return of(items, orders, seed, List.of(new Evaluated(name, name, judge, reward)));
  }

  /**
   * An evaluation of several judges on the same comparisons.
   *
   * @param orders null for the orders of the benchmark
   * @param evaluated at least one judge
   * @throws IllegalArgumentException if two judges have the same label
   */
  public static BenchmarkEvaluation of(
      BenchmarkItems items,
      @Nullable CandidateOrders orders,
      long seed,
      List<Evaluated> evaluated) {
    CandidateOrders judged = orders == null ? items.benchmark().orders() : orders;
    List<EvaluationPart> parts = new ArrayList<>();
    for (Evaluated judge : evaluated) {
      SequencedMap<String, JudgeSection> sections = new LinkedHashMap<>();
      sections.put(judge.name(), judge.section());
      parts.add(
          new EvaluationPart(
              items,
              comparison -> Presentation.orders(judged, comparison, seed),
              name(judged),
              seed,
              sections,
              judge.reward()));
    }
    BenchmarkEvaluation evaluation = new BenchmarkEvaluation(items, name(judged), seed, parts);
    for (int i = 0; i < parts.size(); i++) {
      Evaluated judge = evaluated.get(i);
      if (evaluation.judges.put(judge.label(), new PartJudge(parts.get(i), judge.name())) != null) {
        throw new IllegalArgumentException(
            "judge '%s' twice (expected: each judge once)".formatted(judge.label()));
      }
    }
    return evaluation;
  }

  /**
   * An evaluation of recorded verdicts.
   *
   * @param orders null for the recorded orders
   * @param chosen the judges to evaluate; empty for all judges of the file
   */
  public static BenchmarkEvaluation ofRecorded(
      BenchmarkItems items,
      @Nullable CandidateOrders orders,
      long seed,
      Path recorded,
      List<String> chosen)
      throws IOException {
    RecordedVerdicts all =
        RecordedVerdicts.read(
            DataFile.read("--recorded-verdicts", recorded),
            items.all().stream().map(Comparison::id).toList());
    RecordedVerdicts verdicts = chosen.isEmpty() ? all : all.of(chosen);
    SequencedMap<String, JudgeSection> sections = new LinkedHashMap<>();
    for (String name : verdicts.byJudge().keySet()) {
      ObjectNode settings = JSON.createObjectNode();
      settings.put("file", recorded.toAbsolutePath().normalize().toString()).put("judge", name);
      sections.put(name, new CustomJudge(RecordedJudgeProvider.TYPE, true, settings));
    }
    Map<String, SequencedSet<CandidateOrder>> recordedOrders = verdicts.orders();
    String name = orders == null ? "recorded" : name(orders);
    EvaluationPart part =
        new EvaluationPart(
            items,
            comparison ->
                orders != null
                    ? Presentation.orders(orders, comparison, seed)
                    : orders(comparison, recordedOrders.get(comparison.id())),
            name,
            seed,
            sections,
            null);
    BenchmarkEvaluation evaluation = new BenchmarkEvaluation(items, name, seed, List.of(part));
    sections.keySet().forEach(judge -> evaluation.judges.put(judge, new PartJudge(part, judge)));
    return evaluation;
  }

  private static String name(CandidateOrders orders) {
    return orders.name().toLowerCase(Locale.ROOT);
  }

  private static List<CandidateOrder> orders(
      Comparison comparison, @Nullable SequencedSet<CandidateOrder> recorded) {
    return recorded == null
        ? List.of(CandidateOrder.given(comparison.candidates().size()))
        : List.copyOf(recorded);
  }

  /** Number of presentations to judge. */
  public int presentations() {
    return parts.stream().mapToInt(part -> part.presentations().size()).sum();
  }

  /** The run files that the evaluation publishes. */
  public List<RunFile> runs() {
    return parts.stream().map(part -> part.runFile().file()).toList();
  }

  /**
   * Streams all unjudged presentations through the topics, judge by judge, and blocks until their
   * judgements arrive.
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
    alreadyJudged = 0;
    int done = 0;
    for (EvaluationPart part : parts) {
      int before = done;
      alreadyJudged +=
          part.judge(namespace, rejudge, failure, judged -> progress.accept(before + judged));
      done += part.presentations().size();
    }
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
    SequencedMap<String, EvaluationResult> results = new LinkedHashMap<>();
    List<PairedDifference.Judged> judged = new ArrayList<>();
    judges.forEach(
        (label, judge) -> {
          List<JudgedComparison> outcomes = judge.part().outcomes(judge.name());
          results.put(
              label,
              EvaluationResult.of(outcomes, measure, seed)
                  .with(
                      judge.part().responses(judge.name()),
                      judge.part().accuracyByVotes(judge.name(), measure, seed)));
          judged.add(new PairedDifference.Judged(label, outcomes));
        });
    return new EvaluationReport(
        new EvaluationReport.Subject(
            items.benchmark().name(),
            items.hashes(),
            results.size() == 1 ? results.firstEntry().getKey() : null),
        inputs(),
        new EvaluationReport.Invocation(command, version, Machine.description()),
        orders,
        seed,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        new EvaluationReport.Progress(seconds, alreadyJudged),
        new EvaluationReport.Rulings(measure.rule(), itemsFile, items.comparisons().size()),
        EvaluationReport.Figures.of(results),
        measure.baselines(items.comparisons()),
        results,
        judged.stream()
            .skip(1)
            .map(one -> PairedDifference.of(one, judged.getFirst(), measure, seed))
            .toList());
  }

  /** All comparisons with the verdicts and texts of every judge. */
  public List<EvaluationCase> cases() {
    Measure measure = items.benchmark().measure().apply(items.comparisons());
    SequencedMap<String, List<JudgedComparison>> outcomes = new LinkedHashMap<>();
    judges.forEach((label, judge) -> outcomes.put(label, judge.part().outcomes(judge.name())));
    List<EvaluationCase> cases = new ArrayList<>();
    for (int i = 0; i < items.comparisons().size(); i++) {
      List<EvaluationCase.JudgedCase> judged = new ArrayList<>();
      for (Map.Entry<String, PartJudge> judge : judges.entrySet()) {
        JudgedComparison outcome =
            Objects.requireNonNull(outcomes.get(judge.getKey()), "outcomes").get(i);
        judged.add(
            new EvaluationCase.JudgedCase(
                judge.getKey(),
                measure.credit(outcome),
                outcome,
                judge
                    .getValue()
                    .part()
                    .responses(judge.getValue().name(), items.comparisons().get(i))));
      }
      cases.add(new EvaluationCase(items.comparisons().get(i), judged));
    }
    return cases;
  }

  private EvaluationReport.Inputs inputs() {
    SequencedMap<String, String> inputs = new LinkedHashMap<>();
    parts.forEach(part -> inputs.putAll(part.runFile().inputs()));
    if (parts.size() == 1) {
      RunFile only = runs().getFirst();
      return new EvaluationReport.Inputs(only.hash(), only.text(), inputs);
    }
    String text =
        runs().stream().map(run -> run.text().strip() + "\n").collect(Collectors.joining("---\n"));
    return new EvaluationReport.Inputs(
        FileHash.sha256(text.getBytes(StandardCharsets.UTF_8)), text, inputs);
  }

  /** Writes every verdict as one JSON line. */
  public void writeItems(Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (Map.Entry<String, PartJudge> judge : judges.entrySet()) {
        judge.getValue().part().writeItems(out, judge.getKey(), judge.getValue().name());
      }
    }
  }
}
