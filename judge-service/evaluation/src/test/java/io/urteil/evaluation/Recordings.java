package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.DataFile;
import io.urteil.evaluation.benchmark.RecordedVerdicts;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.Measure;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/** Benchmarks with what was recorded of judges on them, put together without a log. */
public final class Recordings {

  private static final Map<String, SequencedMap<String, EvaluationResult>> COUNTED =
      new ConcurrentHashMap<>();

  private Recordings() {}

  public static List<Comparison> comparisons(String benchmark) throws IOException {
    Benchmark named = Benchmark.named(benchmark);
    return named.read(named.files(List.of()));
  }

  /** The figures of each judge in the file; counted once, since many tests look at them. */
  static SequencedMap<String, EvaluationResult> figures(String benchmark, String recorded) {
    return COUNTED.computeIfAbsent(
        benchmark + " " + recorded,
        key -> {
          try {
            return count(benchmark, recorded);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static SequencedMap<String, EvaluationResult> count(String benchmark, String recorded)
      throws IOException {
    List<Comparison> comparisons = comparisons(benchmark);
    RecordedVerdicts verdicts =
        RecordedVerdicts.read(
            DataFile.packaged(recorded), comparisons.stream().map(Comparison::id).toList());
    Measure measure = Benchmark.named(benchmark).measure().apply(comparisons);
    SequencedMap<String, EvaluationResult> figures = new LinkedHashMap<>();
    for (String judge : verdicts.byJudge().keySet()) {
      figures.put(judge, EvaluationResult.of(outcomes(comparisons, verdicts, judge), measure, 1));
    }
    return figures;
  }

  private static List<JudgedComparison> outcomes(
      List<Comparison> comparisons, RecordedVerdicts verdicts, String judge) {
    Map<String, SequencedMap<CandidateOrder, ComparisonVerdict>> rulings = new LinkedHashMap<>();
    for (RecordedVerdicts.Verdict verdict : verdicts.byJudge().getOrDefault(judge, List.of())) {
      CandidateOrder order = CandidateOrder.named(verdict.order());
      int candidates = order.shown().size();
      ComparisonVerdict ruling =
          verdict.status() == JudgementStatus.SCORED
              ? ComparisonVerdict.scored(order.backFrom(verdict.scores()))
              : ComparisonVerdict.without(verdict.status(), candidates);
      rulings.computeIfAbsent(verdict.id(), id -> new LinkedHashMap<>()).put(order, ruling);
    }
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      outcomes.add(
          new JudgedComparison(
              comparison,
              rulings.getOrDefault(
                  comparison.id(), Collections.unmodifiableSequencedMap(new LinkedHashMap<>()))));
    }
    return outcomes;
  }
}
