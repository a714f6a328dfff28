package io.urteil.bench.precision;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code urteil bench precision}, which {@code --report} writes as one JSON object;
 * ops/docs/reports.md defines the fields.
 */
public record PrecisionReport(
    @JsonUnwrapped Subject subject,
    @JsonUnwrapped Verdicts verdicts,
    String rule,
    @JsonUnwrapped Accuracies accuracies,
    @JsonUnwrapped Scores scores,
    @JsonUnwrapped Sides sides,
    List<ChangedVerdict> changes) {

  public PrecisionReport {
    changes = List.copyOf(changes);
  }

  /**
   * Benchmark and judge.
   *
   * @param benchmark name of the benchmark
   * @param data SHA-256 of each data file by name
   * @param model model directory of the judge
   * @param f32Judge version of the judge with f32 weights
   * @param int8Judge version of the judge with int8 weights
   * @param machine architecture, processors and Java version
   * @param pairs number of pairs of the benchmark
   */
  public record Subject(
      String benchmark,
      Map<String, String> data,
      String model,
      String f32Judge,
      String int8Judge,
      String machine,
      int pairs) {

    public Subject {
      data = Map.copyOf(data);
    }
  }

  /**
   * Numbers of different verdicts. Comparisons with a failure on either side are excluded.
   *
   * @param comparisons number of comparisons: one for each pair and order
   * @param failed excluded comparisons
   * @param changed comparisons with a different result: another candidate, a tie or no verdict
   * @param changedShare changed divided by the comparisons that are not excluded; 0 if all are
   * @param reversed changed comparisons that prefer the other candidate
   * @param rightToWrong comparisons that are right with f32 only
   * @param wrongToRight comparisons that are right with int8 only
   * @param pairsChanged pairs with a changed verdict
   * @param bothOrdersChanged pairs with changed verdicts in both orders; null if pairs are judged
   *     in one order
   * @param textsChanged comparisons with different responses; null if the judge writes none
   */
  public record Verdicts(
      int comparisons,
      int failed,
      int changed,
      double changedShare,
      int reversed,
      int rightToWrong,
      int wrongToRight,
      int pairsChanged,
      @Nullable Integer bothOrdersChanged,
      @Nullable Integer textsChanged) {}

  /** Accuracies under the rule of the benchmark, in 0..1. */
  public record Accuracies(double f32Accuracy, double int8Accuracy) {}

  /**
   * Differences of scores; null without scores.
   *
   * @param scoreChangeMean mean absolute change of a candidate's score
   * @param scoreChangeMax maximum absolute change of a candidate's score
   * @param scoreGapMean mean absolute difference of the two candidates' scores with f32, as a
   *     reference for the changes
   */
  public record Scores(
      @Nullable Double scoreChangeMean,
      @Nullable Double scoreChangeMax,
      @Nullable Double scoreGapMean) {}

  /** Unreadable verdicts, wall times and memory of the weights of both sides. */
  public record Sides(
      int unparseableF32,
      int unparseableInt8,
      double f32Seconds,
      double int8Seconds,
      long f32WeightBytes,
      long int8WeightBytes) {}

  /**
   * A changed verdict.
   *
   * @param id id of the pair
   * @param order presented order of the candidates
   * @param better the better candidate according to the benchmark
   * @param f32 verdict with f32 weights; A is the first candidate of the pair, independent of the
   *     presented order
   * @param int8 verdict with int8 weights
   */
  public record ChangedVerdict(String id, String order, String better, String f32, String int8) {}
}
