package io.urteil.bench.precision;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code --report} writes; the names are documented in ops/docs/reports.md. */
public record PrecisionReport(
    String benchmark,
    Map<String, String> data,
    String model,
    String f32Judge,
    String int8Judge,
    String machine,
    int pairs,
    int comparisons,
    int failed,
    int changed,
    double changedShare,
    int reversed,
    int rightToWrong,
    int wrongToRight,
    int pairsChanged,
    @Nullable Integer bothOrdersChanged,
    @Nullable Integer textsChanged,
    String rule,
    double f32Accuracy,
    double int8Accuracy,
    @Nullable Double scoreChangeMean,
    @Nullable Double scoreChangeMax,
    @Nullable Double scoreGapMean,
    int unparseableF32,
    int unparseableInt8,
    double f32Seconds,
    double int8Seconds,
    long f32WeightBytes,
    long int8WeightBytes,
    List<ChangedVerdict> changes) {

  public PrecisionReport {
    data = Map.copyOf(data);
    changes = List.copyOf(changes);
  }

  /**
   * A verdict that changed.
   *
   * @param id of the pair
   * @param order in which its candidates were shown
   * @param better what the benchmark holds to be right
   * @param f32 what the judge said with weights of single precision; A is the pair's first
   *     candidate, whatever was shown first
   * @param int8 what it said with weights of eight bits
   */
  public record ChangedVerdict(String id, String order, String better, String f32, String int8) {}
}
