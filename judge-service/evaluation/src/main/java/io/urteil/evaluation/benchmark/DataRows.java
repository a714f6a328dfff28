package io.urteil.evaluation.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.pair.PairRows;
import io.urteil.table.DataTable;
import io.urteil.table.RowReader;
import io.urteil.table.TableFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The rows of data files, in a format of {@link DataTable}. A file with an invalid row is rejected
 * with a list of all invalid rows.
 */
final class DataRows {

  private static final int MAX_SHOWN = 20;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> positionById = new HashMap<>();
  private final PairRows pairs = new PairRows();

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
   * @param reader converts a row; throws {@link InvalidRowException} for an invalid one
   * @throws IllegalArgumentException naming every invalid row of all files
   */
  static <T> List<T> read(List<DataFile> files, Function<DataRow, List<T>> reader) {
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

  /** Converts rows to pairs, each after those before it. */
  PairRows pairs() {
    return pairs;
  }

  /** Registers the id of a row; rejects a duplicate. */
  String register(DataRow row, String id) {
    String before = positionById.putIfAbsent(id, row.position());
    if (before != null) {
      throw row.invalid("id '%s' (expected: a unique id; %s has the same)".formatted(id, before));
    }
    return id;
  }

  private List<DataRow> of(DataFile file) {
    List<DataRow> found = new ArrayList<>();
    try {
      DataTable.read(
          file.name(),
          file.content(),
          new RowReader() {
            @Override
            public void row(String position, ObjectNode row) {
              found.add(new DataRow(DataRows.this, file, position, found.size(), row));
            }

            @Override
            public void invalid(String position, String problem) {
              problems.add("%s, %s: %s".formatted(file.name(), position, problem));
            }
          });
    } catch (TableFormatException e) {
      problems.add(file.name() + ": " + e.getMessage());
    }
    return found;
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
