package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Renders a report as a Markdown page, with tables in percent and the inputs needed to reproduce
 * it. Pure.
 */
public final class EvaluationPage {

  /** A column of the table of judges; omitted if no judge has a value. */
  private record Column(String name, Function<EvaluationResult, @Nullable Double> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("strict", one -> one.correctness().strictAccuracy()),
          new Column("precision", one -> one.correctness().macroPrecision()),
          new Column("recall", one -> one.correctness().macroRecall()),
          new Column("F1", one -> one.correctness().macroF1()),
          new Column("consistent", one -> one.correctness().positionConsistentAccuracy()),
          new Column("flipped", one -> one.preferences().flipRate()),
          new Column("first", one -> one.preferences().firstPreference()),
          new Column("longer", one -> one.preferences().longerPreference()),
          new Column("ties", one -> one.endings().ties()),
          new Column("unparseable", one -> one.endings().unparseable()),
          new Column("abstained", one -> one.endings().abstained()),
          new Column("failed", one -> one.endings().failed()));

  private static final int MAX_SUMMARY_SLICES = 12;

  private EvaluationPage() {}

  /**
   * The tables for the terminal. Slices are included only for a single judge with few slices.
   *
   * @param more the file with all slices; null without one
   */
  public static List<String> summary(EvaluationReport report, @Nullable String more) {
    EvaluationResult first = report.judges().firstEntry().getValue();
    int slices = first.slices().size();
    boolean few = report.judges().size() == 1 && slices <= MAX_SUMMARY_SLICES;
    List<String> lines = lines(report, few);
    if (!few && slices > 1) {
      lines.add("");
      lines.add(
          "%d sources%s".formatted(slices, more == null ? " (--report writes them)" : ": " + more));
    }
    return lines;
  }

  private static List<String> lines(EvaluationReport report, boolean withSlices) {
    List<String> lines = new ArrayList<>();
    for (MarkdownTable table : tables(report, withSlices)) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(table.lines());
    }
    return lines;
  }

  /** The tables of the judges, of their differences, of the baselines and of the slices. */
  static List<MarkdownTable> tables(EvaluationReport report, boolean withSlices) {
    List<MarkdownTable> tables = new ArrayList<>(List.of(judges(report)));
    figures(report).ifPresent(tables::add);
    differences(report).ifPresent(tables::add);
    if (!report.floors().isEmpty()) {
      tables.add(named("baseline", report.floors()));
    }
    for (Map.Entry<String, EvaluationResult> judge : report.judges().entrySet()) {
      if (withSlices && judge.getValue().slices().size() > 1) {
        tables.add(slices(judge.getKey(), judge.getValue()));
      }
    }
    return tables;
  }

  /** The complete page in Markdown. {@code plot} is the file of the plot; null without one. */
  public static String page(EvaluationReport report, @Nullable String plot) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# "
            + report.subject().benchmark()
            + ", judged by "
            + String.join(", ", report.judges().keySet()));
    lines.add("");
    lines.addAll(explanation(report));
    lines.add("");
    lines.addAll(lines(report, true));
    if (plot != null) {
      lines.add("");
      lines.add("![accuracy with 95 % intervals](" + plot + ")");
    }
    lines.add("");
    lines.add("## Reproduction");
    lines.add("");
    lines.add("```sh");
    lines.add("urteil " + String.join(" ", report.invocation().command()));
    lines.add("```");
    lines.add("");
    lines.add(
        "Urteil %s, seed %d, %s, %s."
            .formatted(
                report.invocation().version(),
                report.seed(),
                report.invocation().machine(),
                report.createdAt()));
    lines.add("");
    hashes("data", report.subject().data(), lines);
    hashes("input", report.inputs().inputs(), lines);
    lines.add("* run file: sha256 `" + report.inputs().runFileHash() + "`");
    lines.add("");
    lines.add("```yaml");
    lines.addAll(report.inputs().runFile().strip().lines().toList());
    lines.add("```");
    lines.add("");
    return String.join("\n", lines);
  }

  /** What the figures are, one paragraph a line. */
  static List<String> explanation(EvaluationReport report) {
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add(
        "%d comparisons, %s; all figures in percent. Accuracy is the %s. Intervals are 95 %%: Wilson if each item is right or wrong, else bootstrap over items (%d resamples)."
            .formatted(
                report.rulings().comparisons(),
                orders(report.orders()),
                report.rulings().rule(),
                ConfidenceInterval.RESAMPLES));
    if (!report.paired().isEmpty()) {
      paragraphs.add("");
      paragraphs.add(
          "Differences are those of the accuracy from that of the first judge, in percentage points, with a bootstrap that draws the same items for both. \"right alone\" are the comparisons that only this judge has right, \"other alone\" those that only the first one has; p is that of the exact McNemar test.");
    }
    return paragraphs;
  }

  private static MarkdownTable judges(EvaluationReport report) {
    List<Column> shown =
        COLUMNS.stream()
            .filter(
                column ->
                    report.judges().values().stream()
                        .anyMatch(figures -> column.value().apply(figures) != null))
            .toList();
    List<String> head = new ArrayList<>(List.of("judge", "accuracy", "95 %"));
    shown.forEach(column -> head.add(column.name()));
    MarkdownTable table = new MarkdownTable(head);
    report
        .judges()
        .forEach(
            (judge, figures) -> {
              List<String> row = new ArrayList<>();
              row.add(judge);
              row.add(MarkdownTable.percent(figures.correctness().accuracy()));
              row.add(MarkdownTable.percent(figures.intervals().get("accuracy")));
              shown.forEach(
                  column -> row.add(MarkdownTable.percent(column.value().apply(figures))));
              table.row(row);
            });
    return table;
  }

  /** The further figures of the benchmark, one row per judge; empty without any. */
  private static Optional<MarkdownTable> figures(EvaluationReport report) {
    List<String> names = List.copyOf(report.judges().firstEntry().getValue().figures().keySet());
    if (names.isEmpty()) {
      return Optional.empty();
    }
    List<String> head = new ArrayList<>(List.of(report.subject().benchmark()));
    head.addAll(names);
    MarkdownTable table = new MarkdownTable(head);
    report
        .judges()
        .forEach(
            (judge, figures) -> {
              List<String> row = new ArrayList<>(List.of(judge));
              names.forEach(name -> row.add(MarkdownTable.percent(figures.figures().get(name))));
              table.row(row);
            });
    return Optional.of(table);
  }

  /** The paired differences from the first judge, one row per further judge; empty without one. */
  private static Optional<MarkdownTable> differences(EvaluationReport report) {
    if (report.paired().isEmpty()) {
      return Optional.empty();
    }
    String first = report.paired().getFirst().against();
    MarkdownTable table =
        new MarkdownTable(
            List.of("against " + first, "difference", "95 %", "right alone", "other alone", "p"));
    for (PairedDifference pair : report.paired()) {
      table.row(
          List.of(
              pair.judge(),
              String.format(Locale.ROOT, "%+.2f", 100 * pair.difference()),
              String.format(
                  Locale.ROOT,
                  "%+.1f to %+.1f",
                  100 * pair.interval().low(),
                  100 * pair.interval().high()),
              String.valueOf(pair.rightAlone()),
              String.valueOf(pair.otherRightAlone()),
              pValue(pair.p())));
    }
    return Optional.of(table);
  }

  /** A p value with four decimals; a dash for null. */
  private static String pValue(@Nullable Double p) {
    return p == null ? "-" : p < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  private static MarkdownTable slices(String judge, EvaluationResult figures) {
    boolean orders = figures.preferences().flipRate() != null;
    List<String> head =
        new ArrayList<>(List.of(judge + " by source", "comparisons", "accuracy", "95 %"));
    if (orders) {
      head.add("flipped");
    }
    head.addAll(List.of("ties", "unparseable"));
    MarkdownTable table = new MarkdownTable(head);
    figures
        .slices()
        .forEach(
            (source, slice) -> {
              List<String> row = new ArrayList<>();
              row.add(source);
              row.add(String.valueOf(slice.comparisons()));
              row.add(MarkdownTable.percent(slice.accuracy()));
              row.add(MarkdownTable.percent(slice.interval()));
              if (orders) {
                row.add(MarkdownTable.percent(slice.flipRate()));
              }
              row.add(MarkdownTable.percent(slice.ties()));
              row.add(MarkdownTable.percent(slice.unparseable()));
              table.row(row);
            });
    return table;
  }

  private static MarkdownTable named(String title, SequencedMap<String, Double> values) {
    MarkdownTable table = new MarkdownTable(List.of(title, "accuracy"));
    values.forEach((name, value) -> table.row(List.of(name, MarkdownTable.percent(value))));
    return table;
  }

  private static void hashes(String what, Map<String, String> files, List<String> lines) {
    files.forEach((name, hash) -> lines.add("* %s: %s, sha256 `%s`".formatted(what, name, hash)));
  }

  private static String orders(String orders) {
    return switch (orders.toUpperCase(Locale.ROOT)) {
      case "BOTH" -> "each in both orders";
      case "SWAPPED" -> "each in swapped order";
      case "RANDOM" -> "each in a random order from the seed";
      default -> "in the given order";
    };
  }
}
