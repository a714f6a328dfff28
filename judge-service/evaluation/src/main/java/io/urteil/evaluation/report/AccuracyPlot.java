package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.EvaluationResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Plots accuracies with their intervals as dots and whiskers: one row per judge, or for a single
 * judge also one row per source, largest first. Baselines are dashed lines. The format is SVG,
 * which needs no fonts on this machine and has searchable text.
 */
public final class AccuracyPlot {

  private static final int WIDTH = 900;
  private static final int ROW = 34;
  private static final int TOP = 64;
  private static final int BOTTOM = 52;
  private static final int RIGHT = 28;
  private static final int CHARACTER = 7;
  private static final int MAX_LABEL = 46;
  private static final int MAX_SLICES = 24;
  private static final int GRID_STEP = 10;
  private static final String INK = "#1f4e79";
  private static final String BASELINE = "#9a5b13";
  private static final String GRID = "#d8d8d8";
  private static final String TEXT = "#222222";

  /** A dot with its whiskers, in 0..1. */
  record Dot(String label, double value, ConfidenceInterval interval) {}

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private final int left;

  private AccuracyPlot(List<Dot> dots) throws XMLStreamException {
    this.xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    int longest = dots.stream().mapToInt(dot -> label(dot).length()).max().orElse(0);
    this.left = 20 + CHARACTER * longest;
  }

  /** Plots a report to an SVG file. */
  public static void write(EvaluationReport report, Path file) throws IOException {
    Files.writeString(
        file, svg(report.subject().benchmark(), dots(report.judges()), report.floors()));
  }

  /** Rows are in the order of the dots; baselines of single domains are omitted. */
  static String svg(String benchmark, List<Dot> dots, SequencedMap<String, Double> baselines) {
    try {
      AccuracyPlot plot = new AccuracyPlot(dots);
      plot.draw(benchmark, dots, baselines);
      return plot.text + "\n";
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot plot " + benchmark, e);
    }
  }

  private void draw(String benchmark, List<Dot> dots, SequencedMap<String, Double> baselines)
      throws XMLStreamException {
    int height = TOP + ROW * dots.size() + BOTTOM;
    int bottom = height - BOTTOM;
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attributes("width", WIDTH, "height", height, "viewBox", "0 0 " + WIDTH + " " + height);
    attributes("font-family", "sans-serif", "font-size", 12, "fill", TEXT);
    xml.writeEmptyElement("rect");
    attributes("width", WIDTH, "height", height, "fill", "white");
    String title = benchmark + ": accuracy in percent, 95 % intervals";
    text(title, WIDTH / 2.0, 24, "middle", "font-size", 16, "font-weight", "bold");
    for (int percent = 0; percent <= 100; percent += GRID_STEP) {
      line(x(percent), TOP, x(percent), bottom, "stroke", GRID);
      text(String.valueOf(percent), x(percent), bottom + 18, "middle");
    }
    text("percent", x(50), bottom + 38, "middle");
    drawBaselines(baselines, bottom);
    for (int row = 0; row < dots.size(); row++) {
      drawDot(dots.get(row), TOP + ROW * row + ROW / 2.0);
    }
    xml.writeEndElement();
    xml.close();
  }

  private void drawBaselines(SequencedMap<String, Double> baselines, int bottom)
      throws XMLStreamException {
    int drawn = 0;
    for (Map.Entry<String, Double> baseline : baselines.entrySet()) {
      if (!baseline.getKey().contains(".")) {
        double at = x(100 * baseline.getValue());
        line(at, TOP, at, bottom, "stroke", BASELINE, "stroke-dasharray", "5 4");
        String name =
            String.format(Locale.ROOT, "%s %.1f", baseline.getKey(), 100 * baseline.getValue());
        // Alternate between two heights, so that adjacent labels do not overlap.
        text(name, at, TOP - (drawn++ % 2 == 0 ? 4 : 18), "middle", "fill", BASELINE);
      }
    }
  }

  private void drawDot(Dot dot, double y) throws XMLStreamException {
    double low = x(100 * dot.interval().low());
    double high = x(100 * dot.interval().high());
    text(label(dot), left - 10, y + 4, "end");
    line(low, y, high, y, "stroke", INK, "stroke-width", 1.6);
    line(low, y - 4, low, y + 4, "stroke", INK, "stroke-width", 1.6);
    line(high, y - 4, high, y + 4, "stroke", INK, "stroke-width", 1.6);
    xml.writeEmptyElement("circle");
    attributes("cx", x(100 * dot.value()), "cy", y, "r", 4, "fill", INK);
  }

  private double x(double percent) {
    return left + percent / 100 * (WIDTH - RIGHT - left);
  }

  private static String label(Dot dot) {
    String label = dot.label();
    return label.length() <= MAX_LABEL ? label : label.substring(0, MAX_LABEL - 1) + "…";
  }

  private void line(double x1, double y1, double x2, double y2, Object... more)
      throws XMLStreamException {
    xml.writeEmptyElement("line");
    attributes("x1", x1, "y1", y1, "x2", x2, "y2", y2);
    attributes(more);
  }

  private void text(String content, double x, double y, String anchor, Object... more)
      throws XMLStreamException {
    xml.writeStartElement("text");
    attributes("x", x, "y", y, "text-anchor", anchor);
    attributes(more);
    xml.writeCharacters(content);
    xml.writeEndElement();
  }

  /** Writes attributes, given as alternating names and values. */
  private void attributes(Object... namesAndValues) throws XMLStreamException {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      xml.writeAttribute(
          String.valueOf(namesAndValues[i]),
          value instanceof Double number
              ? String.format(Locale.ROOT, "%.1f", number)
              : String.valueOf(value));
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
          .limit(MAX_SLICES)
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
}
