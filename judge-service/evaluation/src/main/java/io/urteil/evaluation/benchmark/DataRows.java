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
 * The rows of data files, which are JSON lines or one JSON array. A file with an invalid row is
 * rejected with a list of all invalid rows.
 */
final class DataRows {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MAX_SHOWN = 20;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> positionById = new HashMap<>();

  /** An invalid row, with its position and the reason. */
  static final class InvalidRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidRowException(String message) {
      super(message);
    }
  }

  /**
   * Reads every row of the files.
   *
   * @param reader converts a row; throws {@link BadRowException} for an invalid one
   * @throws IllegalArgumentException naming every invalid row of all files
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
        } catch (InvalidRowException e) {
          rows.problems.add(e.getMessage());
        }
      }
      if (read.size() == before && rows.problems.isEmpty()) {
        rows.problems.add(file.name() + ": no rows (expected: at least one)");
      }
    }
    rows.rejectProblems();
    return read;
  }

  /** Registers the id of a row; rejects a duplicate. */
  String register(DataRow row, String id) {
    String before = positionById.putIfAbsent(id, row.position());
    if (before != null) {
      throw row.invalid("id '%s' (expected: a unique id; %s has the same)".formatted(id, before));
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
      problems.add("%s: %s (expected: a JSON object)".formatted(row.position(), row.node()));
    }
  }

  private void rejectProblems() {
    if (problems.isEmpty()) {
      return;
    }
    int more = problems.size() - MAX_SHOWN;
    throw new IllegalArgumentException(
        "data: %d problem%s:\n  %s%s"
            .formatted(
                problems.size(),
                problems.size() == 1 ? "" : "s",
                String.join("\n  ", problems.subList(0, Math.min(MAX_SHOWN, problems.size()))),
                more > 0 ? "\n  … and %d more".formatted(more) : ""));
  }
}
