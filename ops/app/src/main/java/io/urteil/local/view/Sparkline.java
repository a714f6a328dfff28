package io.urteil.local.view;

import java.util.List;

/** A curve of one text line, scaled from the minimum to the maximum of its values. */
final class Sparkline {

  private static final String UNICODE = "▁▂▃▄▅▆▇█";
  private static final String ASCII = "_.-=+*#@";

  private Sparkline() {}

  /** Draws the last {@code width} values; equal values are drawn at half height. */
  static String of(List<Double> values, int width, boolean unicode) {
    String levels = unicode ? UNICODE : ASCII;
    List<Double> shown = values.subList(Math.max(0, values.size() - width), values.size());
    double lowest = shown.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double highest = shown.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (double value : shown) {
      double height = highest == lowest ? 0.5 : (value - lowest) / (highest - lowest);
      line.append(levels.charAt((int) Math.round(height * (levels.length() - 1))));
    }
    return line.toString();
  }
}
