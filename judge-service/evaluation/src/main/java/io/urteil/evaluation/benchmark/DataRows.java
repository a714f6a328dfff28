package io.urteil.evaluation.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The objects of data files, JSON lines or one JSON array, and everything that is wrong with them.
 * Nothing is guessed and nothing is left out: a file with a bad row is refused, with every bad row
 * named.
 */
final class DataRows {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int SHOWN = 20;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> placeById = new HashMap<>();

  /** A row that cannot be used; says where and why. */
  static final class BadRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadRowException(String message) {
      super(message);
    }
  }

  /**
   * Reads every row of the files.
   *
   * @param reader makes what a row says; throws {@link BadRowException} when it cannot
   * @throws IllegalArgumentException naming every bad row of all the files
   */
  static <T> List<T> read(List<DataFile> files, Function<DataRow, List<T>> reader)
      throws IOException {
    DataRows rows = new DataRows();
    List<T> read = new ArrayList<>();
    for (DataFile file : files) {
      int before = read.size();
      for (DataRow row : rows.of(file)) {
        try {
          read.addAll(reader.apply(row));
        } catch (BadRowException e) {
          rows.problems.add(e.getMessage());
        }
      }
      if (read.size() == before && rows.problems.isEmpty()) {
        rows.problems.add(file.name() + ": no rows (expected: at least one)");
      }
    }
    rows.refuse();
    return read;
  }

  /** Notes the id of a row; each id may stand once. */
  String unique(DataRow row, String id) {
    String before = placeById.putIfAbsent(id, row.place());
    if (before != null) {
      throw row.bad("id '%s' (expected: one that is not taken by %s)".formatted(id, before));
    }
    return id;
  }

  private List<DataRow> of(DataFile file) throws IOException {
    boolean array = file.text().stripLeading().startsWith("[");
    return array ? array(file, file.text()) : lines(file, file.text());
  }

  private List<DataRow> array(DataFile file, String text) throws IOException {
    JsonNode array;
    try {
      array = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      problems.add(
          "%s, line %d: %s (expected: one JSON array)"
              .formatted(file.name(), e.getLocation().getLineNr(), e.getOriginalMessage()));
      return List.of();
    }
    List<DataRow> rows = new ArrayList<>();
    for (JsonNode node : array) {
      add(rows, new DataRow(this, file, "item " + rows.size(), rows.size(), node));
    }
    return rows;
  }

  private List<DataRow> lines(DataFile file, String text) throws IOException {
    List<DataRow> rows = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        add(rows, new DataRow(this, file, "line " + number, rows.size(), JSON.readTree(line)));
      } catch (JsonProcessingException e) {
        problems.add(
            "%s, line %d: %s (expected: a JSON object)"
                .formatted(file.name(), number, e.getOriginalMessage()));
      }
    }
    return rows;
  }

  private void add(List<DataRow> rows, DataRow row) {
    if (row.node().isObject()) {
      rows.add(row);
    } else {
      problems.add("%s: %s (expected: a JSON object)".formatted(row.place(), row.node()));
    }
  }

  private void refuse() {
    if (problems.isEmpty()) {
      return;
    }
    int more = problems.size() - SHOWN;
    throw new IllegalArgumentException(
        "data: %d problem%s:\n  %s%s"
            .formatted(
                problems.size(),
                problems.size() == 1 ? "" : "s",
                String.join("\n  ", problems.subList(0, Math.min(SHOWN, problems.size()))),
                more > 0 ? "\n  … and %d more".formatted(more) : ""));
  }
}
