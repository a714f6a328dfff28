package io.urteil.table;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Receives the rows of a file in their order, on the thread that reads. */
public interface RowReader {

  /**
   * A row.
   *
   * @param position position in the file, such as {@code line 3}
   */
  void row(String position, ObjectNode row);

  /**
   * A row that is not valid JSON, or not an object.
   *
   * @param problem what was found, and what was expected
   */
  void invalid(String position, String problem);
}
