package io.urteil.bench.precision;

import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.OnnxEngine;
import io.urteil.evaluation.DirectEvaluation;
import io.urteil.evaluation.DirectVerdict;
import io.urteil.evaluation.DirectVerdict.Choice;
import io.urteil.evaluation.report.Machine;
import io.urteil.file.FileRoots;
import io.urteil.judge.api.Judge;
import io.urteil.judges.JudgeRegistry;
import io.urteil.model.ModelDirectory;
import io.urteil.run.judge.JudgeSection;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Counts the verdicts of a judge that change with the precision of its weights:
 *
 * <ol>
 *   <li>opens the judge with weights of one precision, judges every pair and closes it; the first
 *       time after a warm-up of two seconds,
 *   <li>does the same with the other precision, so that only one model is in memory,
 *   <li>compares the verdicts of both.
 * </ol>
 *
 * <p>Runs on the caller's thread.
 */
public final class PrecisionBench {

  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final DirectEvaluation evaluation;
  private final Path model;
  private final JudgeWorkerSettings settings;
  private boolean warm;

  /**
   * @param evaluation the pairs to judge
   * @param model model directory of the judge
   * @param settings of the engine of the judge
   */
  public PrecisionBench(DirectEvaluation evaluation, Path model, JudgeWorkerSettings settings) {
    this.evaluation = evaluation;
    this.model = model;
    this.settings = settings;
  }

  /**
   * The results of the judge with weights of one precision.
   *
   * @param judge version of the judge
   * @param judged the verdicts
   * @param weightBytes memory of the weights in bytes
   */
  public record Side(String judge, DirectEvaluation.Judged judged, long weightBytes) {

    private int count(Choice said) {
      return (int) judged.verdicts().stream().filter(one -> one.said() == said).count();
    }
  }

  /** Number of verdicts of a judge with this description. */
  public int comparisons(JudgeSection description) {
    return evaluation.comparisons(description.isGroupwise());
  }

  /**
   * Opens the judge, judges every pair and closes it.
   *
   * @param description description of the judge, with weights of this precision
   * @param weights the precision of the weights
   * @param progress receives the number of verdicts, on the calling thread
   * @throws IllegalArgumentException if the judge does not exist or its model is unusable
   * @throws IOException if the model's files are unreadable
   * @throws IllegalStateException if the judge failed for every comparison
   */
  public Side judge(JudgeSection description, WeightPrecision weights, LongConsumer progress)
      throws IOException, InterruptedException {
    try (JudgeRegistry judges =
        new JudgeRegistry(
            settings.models(), settings.runtime(), settings.servers(), FileRoots.any())) {
      Judge judge = judges.make(description);
      if (!warm) {
        evaluation.warmUp(judge, WARM_UP);
        warm = true;
      }
      Side side =
          new Side(
              judge.version(),
              evaluation.judge(judge, progress),
              OnnxEngine.weightBytes(ModelDirectory.open(model), weights));
      List<DirectVerdict> verdicts = side.judged().verdicts();
      if (side.count(Choice.FAILED) == verdicts.size()) {
        DirectVerdict first = verdicts.getFirst();
        throw new IllegalStateException(
            "judge '%s' failed for all %d comparisons (expected: few or none); for '%s': %s"
                .formatted(side.judge(), verdicts.size(), first.pair(), first.error()));
      }
      return side;
    }
  }

  /** The report that compares both precisions. */
  public PrecisionReport report(Side f32, Side int8) {
    VerdictChanges found = VerdictChanges.of(f32.judged().verdicts(), int8.judged().verdicts());
    return new PrecisionReport(
        new PrecisionReport.Subject(
            evaluation.name(),
            evaluation.data(),
            model.toString(),
            f32.judge(),
            int8.judge(),
            Machine.description(),
            evaluation.pairs()),
        found.verdicts(),
        evaluation.rule(),
        new PrecisionReport.Accuracies(f32.judged().accuracy(), int8.judged().accuracy()),
        found.scores(),
        new PrecisionReport.Sides(
            f32.count(Choice.UNPARSEABLE),
            int8.count(Choice.UNPARSEABLE),
            f32.judged().seconds(),
            int8.judged().seconds(),
            f32.weightBytes(),
            int8.weightBytes()),
        found.changes().stream().map(PrecisionBench::changed).toList());
  }

  private static PrecisionReport.ChangedVerdict changed(VerdictChanges.Change change) {
    return new PrecisionReport.ChangedVerdict(
        change.first().pair(),
        change.first().order(),
        change.first().better().label(),
        change.first().said().label(),
        change.second().said().label());
  }
}
