package io.urteil.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Sets texts in columns: block beside block, wrapped at words. On a narrow terminal one text is
 * below the other. Pure.
 */
public final class TextColumns {

  private static final int LEAST_WIDTH = 36;
  private static final String GAP = " | ";

  /** The width of a label such as {@code " judge "}. */
  private static final int LABEL_WIDTH = 11;

  private final int width;

  /**
   * @param width columns of the terminal
   */
  public TextColumns(int width) {
    this.width = width;
  }

  /**
   * @param titles one per text
   * @param texts the blocks of each text; blocks with the same index begin on the same line
   */
  public List<String> lines(List<String> titles, List<List<String>> texts) {
    int column = (width - GAP.length() * (titles.size() - 1)) / titles.size();
    return column < LEAST_WIDTH ? below(titles, texts) : beside(titles, texts, column);
  }

  private List<String> below(List<String> titles, List<List<String>> texts) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      if (i > 0) {
        lines.add("");
      }
      lines.addAll(wrapped(titles.get(i), width));
      lines.add("-".repeat(Math.min(width, width(titles.get(i)))));
      texts.get(i).forEach(block -> lines.addAll(wrapped(block, width)));
    }
    return lines;
  }

  private static List<String> beside(List<String> titles, List<List<String>> texts, int column) {
    List<String> lines = new ArrayList<>(row(titles, column));
    lines.add(String.join("-+-", titles.stream().map(title -> "-".repeat(column)).toList()));
    int blocks = texts.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < blocks; i++) {
      int block = i;
      lines.addAll(
          row(
              texts.stream().map(text -> block < text.size() ? text.get(block) : "").toList(),
              column));
    }
    return lines;
  }

  private static List<String> row(List<String> cells, int column) {
    List<List<String>> wrapped = cells.stream().map(cell -> wrapped(cell, column)).toList();
    int height = wrapped.stream().mapToInt(List::size).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      StringBuilder line = new StringBuilder();
      for (int cell = 0; cell < wrapped.size(); cell++) {
        String text = i < wrapped.get(cell).size() ? wrapped.get(cell).get(i) : "";
        line.append(cell == 0 ? "" : GAP).append(text);
        line.append(" ".repeat(Math.max(0, column - width(text))));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** The lines of a text, none wider than the column; none of an empty text. */
  static List<String> wrapped(String text, int column) {
    List<String> lines = new ArrayList<>();
    if (!text.isEmpty()) {
      text.lines().forEach(line -> wrap(printable(line), column, lines));
    }
    return lines;
  }

  /** A judge's text may contain tabs and escape sequences, which would shift all columns. */
  private static String printable(String line) {
    return line.replaceAll("\\p{Cntrl}", " ").stripTrailing();
  }

  private static void wrap(String line, int column, List<String> lines) {
    String indent = line.startsWith("  ") ? " ".repeat(LABEL_WIDTH) : "";
    String rest = line;
    while (width(rest) > column) {
      int cut = cut(rest, column, lines.isEmpty() ? 0 : indent.length());
      lines.add(rest.substring(0, cut).stripTrailing());
      rest = indent + rest.substring(cut).stripLeading();
    }
    lines.add(rest);
  }

  /** The index after the last word that fits; within a word that is wider than a line. */
  private static int cut(String line, int column, int indent) {
    int end = 0;
    int used = 0;
    while (end < line.length()) {
      int point = line.codePointAt(end);
      if (used + width(point) > column) {
        break;
      }
      used += width(point);
      end += Character.charCount(point);
    }
    int space = line.charAt(end) == ' ' ? end : line.lastIndexOf(' ', end - 1);
    return space > Math.max(indent, LABEL_WIDTH) ? space : end;
  }

  static int width(String text) {
    return text.codePoints().map(TextColumns::width).sum();
  }

  /** Terminals show these characters two columns wide, and combining marks over the one before. */
  private static int width(int point) {
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK || type == Character.FORMAT) {
      return 0;
    }
    return Character.isIdeographic(point)
            || (point >= 0x3000 && point <= 0x30ff)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xff01 && point <= 0xff60)
            || point >= 0x1f300
        ? 2
        : 1;
  }
}
