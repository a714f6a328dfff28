package io.urteil.evaluation.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.evaluation.measure.EvaluationResult;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of an evaluation with everything needed to repeat it, as written by {@code --report}
 * in one JSON object.
 *
 * <p>Figures of the judge stand at the top where one judge was evaluated; where a file of recorded
 * verdicts held several, they are null there and stand in {@code judges} alone.
 *
 * @param orders which orders of the candidates were judged
 * @param seed of random orders, of sampling and of the bootstrap
 * @param createdAt when the report was written, ISO 8601
 * @param floors accuracy of judges that read nothing, by name
 * @param judges the figures of each judge by name
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
    SequencedMap<String, EvaluationResult> judges) {

  /**
   * What was judged, and by whom.
   *
   * @param benchmark its name
   * @param data files by name, with the SHA-256 of each
   * @param judge who judged; null for several
   */
  public record Subject(
      String benchmark, SequencedMap<String, String> data, @Nullable String judge) {}

  /**
   * The run file of the evaluation.
   *
   * @param runFileHash SHA-256 of the run file as published for this evaluation
   * @param runFile that run file, word for word
   * @param inputs files that the run file names, with the SHA-256 of each
   */
  public record Inputs(String runFileHash, String runFile, SequencedMap<String, String> inputs) {}

  /**
   * How the evaluation was started.
   *
   * @param command as it was called
   * @param version of Urteil
   * @param machine processor architecture, number of processors, Java
   */
  public record Invocation(List<String> command, String version, String machine) {}

  /**
   * How long it took.
   *
   * @param seconds from the first comparison sent to the last judged
   * @param alreadyJudged rulings taken from the log, since they were judged before
   */
  public record Progress(double seconds, int alreadyJudged) {}

  /**
   * How the rulings are counted, and where they are.
   *
   * @param rule how the accuracy is counted
   * @param items file beside the report with every ruling, as JSON lines
   * @param comparisons of the benchmark
   */
  public record Rulings(String rule, @Nullable String items, int comparisons) {}

  /**
   * The figures of the only judge, as in {@link EvaluationResult}; each null for several judges.
   */
  public record Figures(
      @Nullable Integer rulings,
      @JsonUnwrapped Correctness correctness,
      @JsonUnwrapped EvaluationResult.Preferences preferences,
      @JsonUnwrapped Endings endings) {

    /** The figures to show at the top of a report on these judges. */
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

  /** As {@link EvaluationResult.Correctness}, each null for several judges. */
  public record Correctness(
      @Nullable Double accuracy,
      @Nullable Double strictAccuracy,
      @Nullable Double macroPrecision,
      @Nullable Double macroRecall,
      @Nullable Double macroF1,
      @Nullable Double positionConsistentAccuracy) {}

  /** As {@link EvaluationResult.Endings}, each null for several judges. */
  public record Endings(
      @Nullable Double ties,
      @Nullable Double unparseable,
      @Nullable Double abstained,
      @Nullable Double failed) {}
}
