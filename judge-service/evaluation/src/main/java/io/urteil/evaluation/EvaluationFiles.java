package io.urteil.evaluation;

import io.urteil.evaluation.report.AccuracyPlot;
import io.urteil.evaluation.report.EvaluationHtml;
import io.urteil.evaluation.report.EvaluationPage;
import io.urteil.evaluation.report.EvaluationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files next to a report {@code NAME.json}: the page {@code NAME.md}, the plot {@code
 * NAME.svg}, the page with all cases {@code NAME.html} and all verdicts in {@code
 * NAME.items.jsonl}. Without a report no file is written.
 */
public final class EvaluationFiles {

  private final @Nullable Path report;

  private EvaluationFiles(@Nullable Path report) {
    this.report = report;
  }

  /** The files of a report; {@code report} is null without one. */
  public static EvaluationFiles beside(@Nullable Path report) {
    return new EvaluationFiles(report);
  }

  /** Name of the file with all verdicts; null without a report. */
  public @Nullable String itemsName() {
    return report == null ? null : name(beside(report, ".items.jsonl"));
  }

  /** Path of the page; null without a report. */
  public @Nullable String page() {
    return report == null ? null : beside(report, ".md").toString();
  }

  /** Writes verdicts, plot and pages; does nothing without a report. */
  public void write(BenchmarkEvaluation evaluation, EvaluationReport figures) throws IOException {
    if (report == null) {
      return;
    }
    evaluation.writeItems(beside(report, ".items.jsonl"));
    Path plot = beside(report, ".svg");
    AccuracyPlot.write(figures, plot);
    Files.writeString(beside(report, ".md"), EvaluationPage.page(figures, name(plot)));
    Files.writeString(beside(report, ".html"), EvaluationHtml.page(figures, evaluation.cases()));
  }

  /** A file next to the report, with the same name and another extension. */
  private static Path beside(Path report, String ending) {
    Path absolute = report.toAbsolutePath();
    return absolute.resolveSibling(name(absolute).replaceFirst("\\.json$", "") + ending);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
