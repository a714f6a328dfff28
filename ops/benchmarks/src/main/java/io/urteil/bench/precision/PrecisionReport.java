package io.urteil.bench.precision;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@code urteil bench precision}, as {@code --report} writes it in one JSON object; the
 * names are documented in ops/docs/reports.md.
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
   * What was judged, and by what.
   *
   * @param data SHA-256 by file
   * @param model its directory
   * @param f32Judge version of the judge with weights of single precision
   * @param int8Judge the same with weights of eight bits
   * @param pairs of the benchmark
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
   * How many verdicts differ. A comparison at which either side failed is left out.
   *
   * @param comparisons how many there are: pairs times orders
   * @param failed how many of them are left out
   * @param changed how many of the others end otherwise: another candidate, a tie, no verdict
   * @param changedShare changed over those that are not left out; 0 when all are
   * @param reversed how many of the changed name the other candidate
   * @param rightToWrong how many the first got right and the second did not
   * @param wrongToRight how many the second got right and the first did not
   * @param pairsChanged pairs of which a verdict changed
   * @param bothOrdersChanged pairs of which the verdicts of both orders changed; null where every
   *     pair was judged in one order
   * @param textsChanged comparisons of which the written texts differ; null where nothing was
   *     written
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

  /** Share of right verdicts, by the benchmark's rule. */
  public record Accuracies(double f32Accuracy, double int8Accuracy) {}

  /**
   * How much scores differ; null without scores.
   *
   * @param scoreChangeMean mean absolute change of a candidate's score
   * @param scoreChangeMax the largest one
   * @param scoreGapMean mean absolute difference of the two candidates' scores under the first, to
   *     hold the changes against
   */
  public record Scores(
      @Nullable Double scoreChangeMean,
      @Nullable Double scoreChangeMax,
      @Nullable Double scoreGapMean) {}

  /** The two sides: verdicts that could not be read, time, memory of the weights. */
  public record Sides(
      int unparseableF32,
      int unparseableInt8,
      double f32Seconds,
      double int8Seconds,
      long f32WeightBytes,
      long int8WeightBytes) {}

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
