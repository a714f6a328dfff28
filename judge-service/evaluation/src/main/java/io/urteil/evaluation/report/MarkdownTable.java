package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.ConfidenceInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A Markdown table with aligned columns, readable in a terminal too. */
public final class MarkdownTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** Creates an empty table with this header. */
  public MarkdownTable(List<String> head) {
    rows.add(List.copyOf(head));
  }

  /** Adds a row, with one cell for each column. */
  public void row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "%d cells (expected: %d)".formatted(cells.size(), rows.getFirst().size()));
    }
    rows.add(List.copyOf(cells));
  }

  /** The rows with their cells, the header first. */
  List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** The lines of the table. The first column is left-aligned, the others right-aligned. */
  public List<String> lines() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], escaped(row.get(i)).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("|");
      for (int i = 0; i < columns; i++) {
        String cell = escaped(row.get(i));
        String padding = " ".repeat(widths[i] - cell.length());
        line.append(' ').append(i == 0 ? cell + padding : padding + cell).append(" |");
      }
      lines.add(line.toString());
    }
    StringBuilder rule = new StringBuilder("|");
    for (int i = 0; i < columns; i++) {
      rule.append(' ')
          .append("-".repeat(Math.max(3, i == 0 ? widths[i] : widths[i] - 1)))
          .append(i == 0 ? " |" : ": |");
    }
    lines.add(1, rule.toString());
    return lines;
  }

  /** A share in percent with two decimals; a dash for null. */
  public static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** An interval of shares in percent. */
  static String percent(@Nullable ConfidenceInterval interval) {
    return interval == null
        ? "-"
        : String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval.low(), 100 * interval.high());
  }

  private static String escaped(String cell) {
    return cell.replace("|", "\\|").replace("\n", " ");
  }
}
