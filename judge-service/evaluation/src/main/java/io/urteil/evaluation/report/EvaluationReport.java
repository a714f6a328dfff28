package io.urteil.evaluation.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.PairedDifference;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of an evaluation with everything needed to reproduce it, which {@code --report}
 * writes as one JSON object.
 *
 * <p>The figures of a single judge are top-level fields. For several judges these fields are null,
 * and {@code judges} contains the figures.
 *
 * @param orders the judged orders of the candidates
 * @param seed seed of random orders and of the bootstrap
 * @param createdAt time of the report, ISO 8601
 * @param floors accuracy of the baseline judges by name
 * @param judges the figures of each judge by name
 * @param paired the difference of each further judge from the first one; empty for a single judge
 */
public record EvaluationReport(
    @JsonUnwrapped Subject subject,
    @JsonUnwrapped Inputs inputs,
    @JsonUnwrapped Invocation invocation,
    String orders,
    long seed,
    String createdAt,
    @JsonUnwrapped Progress progress,
    @JsonUnwrapped Rulings rulings,
    @JsonUnwrapped Figures figures,
    SequencedMap<String, Double> floors,
    SequencedMap<String, EvaluationResult> judges,
    List<PairedDifference> paired) {

  public EvaluationReport {
    paired = List.copyOf(paired);
  }

  /**
   * Benchmark and judge.
   *
   * @param benchmark name of the benchmark
   * @param data SHA-256 of each data file by name
   * @param judge the judge; null for several
   */
  public record Subject(
      String benchmark, SequencedMap<String, String> data, @Nullable String judge) {}

  /**
   * The run file of the evaluation; of several judges one document for each.
   *
   * @param runFileHash SHA-256 of the content
   * @param runFile content of the run file
   * @param inputs SHA-256 of each file that the run file refers to
   */
  public record Inputs(String runFileHash, String runFile, SequencedMap<String, String> inputs) {}

  /**
   * The invocation of the evaluation.
   *
   * @param command arguments of the command
   * @param version version of Urteil
   * @param machine processor architecture, number of processors, Java
   */
  public record Invocation(List<String> command, String version, String machine) {}

  /**
   * Duration and reused verdicts.
   *
   * @param seconds time from the first published to the last judged comparison
   * @param alreadyJudged verdicts that were in the topics before
   */
  public record Progress(double seconds, int alreadyJudged) {}

  /**
   * The rule of the accuracy and the file with the verdicts.
   *
   * @param rule rule of the accuracy in words
   * @param items file next to the report with every verdict as JSON lines; null without one
   * @param comparisons number of comparisons of the benchmark
   */
  public record Rulings(String rule, @Nullable String items, int comparisons) {}

  /** The figures of a single judge, as in {@link EvaluationResult}; all null for several judges. */
  public record Figures(
      @Nullable Integer rulings,
      @JsonUnwrapped Correctness correctness,
      @JsonUnwrapped EvaluationResult.Preferences preferences,
      @JsonUnwrapped Endings endings) {

    /** The top-level figures of a report. */
    public static Figures of(SequencedMap<String, EvaluationResult> judges) {
      if (judges.size() != 1) {
        return new Figures(
            null,
            new Correctness(null, null, null, null, null, null),
            new EvaluationResult.Preferences(null, null, null),
            new Endings(null, null, null, null));
      }
      EvaluationResult only = judges.firstEntry().getValue();
      EvaluationResult.Correctness right = only.correctness();
      EvaluationResult.Endings ends = only.endings();
      return new Figures(
          only.rulings(),
          new Correctness(
              right.accuracy(),
              right.strictAccuracy(),
              right.macroPrecision(),
              right.macroRecall(),
              right.macroF1(),
              right.positionConsistentAccuracy()),
          only.preferences(),
          new Endings(ends.ties(), ends.unparseable(), ends.abstained(), ends.failed()));
    }
  }

  /** As {@link EvaluationResult.Correctness}; all null for several judges. */
  public record Correctness(
      @Nullable Double accuracy,
      @Nullable Double strictAccuracy,
      @Nullable Double macroPrecision,
      @Nullable Double macroRecall,
      @Nullable Double macroF1,
      @Nullable Double positionConsistentAccuracy) {}

  /** As {@link EvaluationResult.Endings}; all null for several judges. */
  public record Endings(
      @Nullable Double ties,
      @Nullable Double unparseable,
      @Nullable Double abstained,
      @Nullable Double failed) {}
}
