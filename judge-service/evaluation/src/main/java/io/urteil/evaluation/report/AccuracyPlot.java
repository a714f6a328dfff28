package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.EvaluationResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/**
 * Accuracies with their intervals as dots and whiskers, one row a judge, or, for one judge, one row
 * a source, the largest first; the floors are dashed lines.
 */
public final class AccuracyPlot {

  private static final int WIDTH = 900;
  private static final int ROW = 34;
  private static final int AROUND = 120;
  private static final int MOST_SLICES = 24;
  private static final Color INK = new Color(0x1f4e79);
  private static final Color FLOOR = new Color(0x9a5b13);

  /** A dot with its whiskers. */
  private record Dot(String label, double value, ConfidenceInterval interval) {}

  private AccuracyPlot() {}

  /** Draws the report into a PNG file. */
  public static void write(EvaluationReport report, Path file) throws IOException {
    List<Dot> dots = dots(report.judges());
    XYIntervalSeries series = new XYIntervalSeries("accuracy");
    String[] labels = new String[dots.size()];
    for (int i = 0; i < dots.size(); i++) {
      Dot dot = dots.get(dots.size() - 1 - i);
      labels[i] = dot.label();
      series.add(
          i, i, i, 100 * dot.value(), 100 * dot.interval().low(), 100 * dot.interval().high());
    }
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    data.addSeries(series);
    JFreeChart chart =
        new JFreeChart(
            report.subject().benchmark() + ": accuracy in percent, 95 % intervals",
            new Font(Font.SANS_SERIF, Font.BOLD, 16),
            plot(data, labels, report.floors()),
            false);
    chart.setBackgroundPaint(Color.WHITE);
    try (OutputStream out = Files.newOutputStream(file)) {
      ChartUtils.writeChartAsPNG(out, chart, WIDTH, AROUND + ROW * dots.size());
    }
  }

  private static List<Dot> dots(SequencedMap<String, EvaluationResult> judges) {
    List<Dot> dots = new ArrayList<>();
    for (Map.Entry<String, EvaluationResult> judge : judges.entrySet()) {
      EvaluationResult figures = judge.getValue();
      ConfidenceInterval interval = figures.intervals().get("accuracy");
      if (interval != null) {
        dots.add(new Dot(judge.getKey(), figures.correctness().accuracy(), interval));
      }
    }
    if (judges.size() == 1 && judges.firstEntry().getValue().slices().size() > 1) {
      judges.firstEntry().getValue().slices().entrySet().stream()
          .sorted(Comparator.comparing(slice -> -slice.getValue().comparisons()))
          .limit(MOST_SLICES)
          .forEach(
              slice ->
                  dots.add(
                      new Dot(
                          "%s (%d)".formatted(slice.getKey(), slice.getValue().comparisons()),
                          slice.getValue().accuracy(),
                          slice.getValue().interval())));
    }
    return dots;
  }

  private static XYPlot plot(
      XYIntervalSeriesCollection data, String[] labels, SequencedMap<String, Double> floors) {
    SymbolAxis rows = new SymbolAxis("", labels);
    rows.setGridBandsVisible(false);
    rows.setRange(-0.6, labels.length - 0.4);
    NumberAxis percent = new NumberAxis("percent");
    percent.setRange(0, 101);
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawXError(false);
    renderer.setSeriesPaint(0, INK);
    renderer.setSeriesShape(0, new Ellipse2D.Double(-4, -4, 8, 8));
    renderer.setErrorStroke(new BasicStroke(1.6f));
    XYPlot plot = new XYPlot(data, rows, percent, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(new Color(0xd8d8d8));
    floors.entrySet().stream()
        .filter(floor -> !floor.getKey().contains("."))
        .forEach(floor -> plot.addRangeMarker(marker(floor.getKey(), floor.getValue())));
    return plot;
  }

  private static ValueMarker marker(String name, double share) {
    ValueMarker marker =
        new ValueMarker(
            100 * share,
            FLOOR,
            new BasicStroke(
                1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0));
    marker.setLabel(String.format(Locale.ROOT, "%s %.1f", name, 100 * share));
    marker.setLabelPaint(FLOOR);
    marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
    marker.setLabelTextAnchor(TextAnchor.TOP_RIGHT);
    return marker;
  }
}
