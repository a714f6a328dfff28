package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.EvaluationResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Plots accuracies with their intervals as dots and whiskers: one row per judge, or for a single
 * judge also one row per source, largest first. Baselines are dashed lines, whose labels are in as
 * many rows as they need. Differences of judges are plotted likewise. The format is SVG, which
 * needs no fonts on this machine and has searchable text.
 */
public final class AccuracyPlot {

  private static final int WIDTH = 900;
  private static final int ROW = 34;
  private static final int TOP = 50;
  private static final int BOTTOM = 52;
  private static final int RIGHT = 60;
  private static final int LINE = 14;
  private static final int CHARACTER = 7;
  private static final int WIDE_CHARACTER = 13;
  private static final int FIRST_WIDE_CHARACTER = 0x1100;
  private static final int MAX_LABEL_WIDTH = 330;
  private static final int MAX_SLICES = 24;
  private static final int GRID_STEPS = 10;
  private static final String INK = "#1f4e79";
  private static final String BASELINE = "#9a5b13";
  private static final String GRID = "#d8d8d8";
  private static final String TEXT = "#222222";

  /** A dot with its whiskers, in 0..1. */
  record Dot(String label, double value, ConfidenceInterval interval) {}

  /** A dashed line with a label above the plot, in a row from 0 for the lowest. */
  private record Baseline(String label, double value, int row) {}

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private final int lowest;
  private final int highest;
  private final int left;

  private AccuracyPlot(List<Dot> dots, int lowest, int highest) throws XMLStreamException {
    this.xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    this.lowest = lowest;
    this.highest = highest;
    this.left = 20 + dots.stream().mapToInt(dot -> width(label(dot.label()))).max().orElse(0);
  }

  /** Plots a report to an SVG file. */
  public static void write(EvaluationReport report, Path file) throws IOException {
    Files.writeString(file, accuracy(report));
  }

  /** The accuracies of a report. */
  static String accuracy(EvaluationReport report) {
    return svg(report.subject().benchmark(), dots(report.judges()), report.floors());
  }

  /** The differences of the further judges from the first one; the dashed line is no difference. */
  static String differences(EvaluationReport report) {
    List<Dot> dots =
        report.paired().stream()
            .map(pair -> new Dot(pair.judge(), pair.difference(), pair.interval()))
            .toList();
    double most =
        dots.stream()
            .mapToDouble(dot -> Math.max(-dot.interval().low(), dot.interval().high()))
            .max()
            .orElse(0);
    int end = Math.max(1, (int) Math.ceil(100 * most / GRID_STEPS * 2)) * GRID_STEPS / 2;
    SequencedMap<String, Double> none = new LinkedHashMap<>();
    none.put("no difference", 0.0);
    return svg(
        "difference from "
            + label(report.judges().firstEntry().getKey())
            + " in percentage points, 95 % intervals",
        dots,
        none,
        -end,
        end);
  }

  /** Rows are in the order of the dots; baselines of single domains are omitted. */
  static String svg(String benchmark, List<Dot> dots, SequencedMap<String, Double> baselines) {
    SequencedMap<String, Double> labels = new LinkedHashMap<>();
    baselines.forEach(
        (name, value) -> {
          if (!name.contains(".")) {
            labels.put(String.format(Locale.ROOT, "%s %.1f", name, 100 * value), value);
          }
        });
    return svg(benchmark + ": accuracy in percent, 95 % intervals", dots, labels, 0, 100);
  }

  private static String svg(
      String title, List<Dot> dots, SequencedMap<String, Double> labels, int lowest, int highest) {
    try {
      AccuracyPlot plot = new AccuracyPlot(dots, lowest, highest);
      plot.draw(title, dots, plot.placed(labels));
      return plot.text + "\n";
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot plot " + title, e);
    }
  }

  /** Puts each label into the lowest row in which it overlaps no other one. */
  private List<Baseline> placed(SequencedMap<String, Double> labels) {
    List<Double> ends = new ArrayList<>();
    List<Baseline> placed = new ArrayList<>();
    labels.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            label -> {
              double half = width(label.getKey()) / 2.0;
              double at = x(100 * label.getValue());
              int row = 0;
              while (row < ends.size() && ends.get(row) > at - half) {
                row++;
              }
              if (row == ends.size()) {
                ends.add(0.0);
              }
              ends.set(row, at + half + CHARACTER);
              placed.add(new Baseline(label.getKey(), label.getValue(), row));
            });
    return placed;
  }

  private void draw(String title, List<Dot> dots, List<Baseline> baselines)
      throws XMLStreamException {
    int rows = 1 + baselines.stream().mapToInt(Baseline::row).max().orElse(0);
    int top = TOP + LINE * (rows - 1);
    int height = top + ROW * dots.size() + BOTTOM;
    int bottom = height - BOTTOM;
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attributes("width", WIDTH, "height", height, "viewBox", "0 0 " + WIDTH + " " + height);
    attributes("font-family", "sans-serif", "font-size", 12, "fill", TEXT);
    xml.writeEmptyElement("rect");
    attributes("width", WIDTH, "height", height, "fill", "white");
    text(title, WIDTH / 2.0, 24, "middle", "font-size", 16, "font-weight", "bold");
    for (int step = 0; step <= GRID_STEPS; step++) {
      double value = lowest + (double) step * (highest - lowest) / GRID_STEPS;
      line(x(value), top, x(value), bottom, "stroke", GRID);
      text(number(value), x(value), bottom + 18, "middle");
    }
    text("percent", x((lowest + highest) / 2.0), bottom + 38, "middle");
    for (Baseline baseline : baselines) {
      double at = x(100 * baseline.value());
      line(at, top, at, bottom, "stroke", BASELINE, "stroke-dasharray", "5 4");
      text(baseline.label(), at, top - 4 - LINE * baseline.row(), "middle", "fill", BASELINE);
    }
    for (int row = 0; row < dots.size(); row++) {
      drawDot(dots.get(row), top + ROW * row + ROW / 2.0);
    }
    xml.writeEndElement();
    xml.close();
  }

  private static String number(double value) {
    return Double.compare(value, Math.rint(value)) == 0
        ? String.valueOf((int) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private void drawDot(Dot dot, double y) throws XMLStreamException {
    double low = x(100 * dot.interval().low());
    double high = x(100 * dot.interval().high());
    text(label(dot.label()), left - 10, y + 4, "end");
    line(low, y, high, y, "stroke", INK, "stroke-width", 1.6);
    line(low, y - 4, low, y + 4, "stroke", INK, "stroke-width", 1.6);
    line(high, y - 4, high, y + 4, "stroke", INK, "stroke-width", 1.6);
    xml.writeEmptyElement("circle");
    attributes("cx", x(100 * dot.value()), "cy", y, "r", 4, "fill", INK);
  }

  private double x(double percent) {
    return left + (percent - lowest) / (highest - lowest) * (WIDTH - RIGHT - left);
  }

  /** The label; one that is too wide without its middle, because ends distinguish versions. */
  private static String label(String label) {
    List<String> start = new ArrayList<>();
    List<String> end = new ArrayList<>();
    int[] characters = label.codePoints().toArray();
    if (width(label) <= MAX_LABEL_WIDTH) {
      return label;
    }
    int left = MAX_LABEL_WIDTH - CHARACTER;
    for (int i = 0; i < characters.length; i++) {
      String character =
          Character.toString(
              i % 2 == 0 ? characters[i / 2] : characters[characters.length - 1 - i / 2]);
      left -= width(character);
      if (left < 0) {
        break;
      }
      (i % 2 == 0 ? start : end).add(character);
    }
    return String.join("", start) + "…" + String.join("", end.reversed());
  }

  /** An upper estimate of the width of a text in an unknown font, in pixels. */
  private static int width(String text) {
    return text.codePoints()
        .map(character -> character < FIRST_WIDE_CHARACTER ? CHARACTER : WIDE_CHARACTER)
        .sum();
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
    xml.writeCharacters(HtmlWriter.readable(content));
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
