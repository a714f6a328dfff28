package io.urteil.docs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A page of documentation in GitHub's Markdown.
 *
 * @param lines without fenced code
 */
record DocumentationPage(List<String> lines) {

  DocumentationPage {
    lines = List.copyOf(lines);
  }

  /**
   * The first table under a heading, before the next heading.
   *
   * @param rows cells of each row below the head, trimmed, as written
   */
  record Table(List<List<String>> rows) {

    List<String> column(int number) {
      return rows.stream().map(row -> row.get(number)).toList();
    }
  }

  static DocumentationPage read(String place) throws IOException {
    return of(Repository.text(place));
  }

  static DocumentationPage of(String text) {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : text.lines().toList()) {
      if (line.strip().startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced) {
        lines.add(line);
      }
    }
    return new DocumentationPage(lines);
  }

  /** The headings of one level, without their marks. */
  List<String> headings(int level) {
    String mark = "#".repeat(level) + " ";
    return lines.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()).strip())
        .toList();
  }

  /** Names that links may end with, as GitHub makes them from headings. */
  List<String> anchors() {
    return lines.stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}\\- _]", "").replace(' ', '-'))
        .toList();
  }

  Table table(String heading) {
    int start = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("#+ .*")
          && lines.get(i).replaceFirst("#+ ", "").strip().equals(heading)) {
        start = i;
      }
    }
    if (start < 0) {
      throw new AssertionError("no heading '" + heading + "'");
    }
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines.subList(start + 1, lines.size())) {
      boolean inTable = line.startsWith("|");
      if (line.startsWith("#") || (!inTable && !rows.isEmpty())) {
        break;
      }
      if (inTable) {
        rows.add(cells(line));
      }
    }
    if (rows.size() < 3) {
      throw new AssertionError("no table under '" + heading + "'");
    }
    return new Table(rows.subList(2, rows.size()));
  }

  /** What stands in a cell's back-ticks, or the cell itself. */
  static String code(String cell) {
    return isCode(cell) ? cell.substring(1, cell.length() - 1) : cell;
  }

  static boolean isCode(String cell) {
    return cell.length() > 2 && cell.startsWith("`") && cell.indexOf('`', 1) == cell.length() - 1;
  }

  private static List<String> cells(String line) {
    String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
    List<String> cells = new ArrayList<>();
    for (String cell : inner.split("(?<!\\\\)\\|", -1)) {
      cells.add(cell.strip().replace("\\|", "|"));
    }
    return cells;
  }
}
