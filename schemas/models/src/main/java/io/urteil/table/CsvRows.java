package io.urteil.table;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** CSV (RFC 4180) with a header. */
final class CsvRows {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .get();

  private CsvRows() {}

  static void read(String text, char delimiter, RowReader rows) throws IOException {
    try (CSVParser parser = parser(text, delimiter)) {
      Iterator<CSVRecord> records = parser.iterator();
      while (hasNext(records)) {
        CSVRecord row = records.next();
        String position = "row " + row.getRecordNumber();
        if (row.isConsistent()) {
          rows.row(position, object(parser, row));
        } else {
          rows.invalid(
              position,
              "%d values (expected: %d, as the header has)"
                  .formatted(row.size(), parser.getHeaderNames().size()));
        }
      }
    }
  }

  private static CSVParser parser(String text, char delimiter) throws IOException {
    try {
      return CSVParser.parse(text, FORMAT.builder().setDelimiter(delimiter).get());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The next record is parsed here. */
  private static boolean hasNext(Iterator<CSVRecord> records) throws IOException {
    try {
      return records.hasNext();
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static ObjectNode object(CSVParser parser, CSVRecord row) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int column = 0; column < row.size(); column++) {
      String value = row.get(column);
      if (!value.isEmpty()) {
        object.put(parser.getHeaderNames().get(column), value);
      }
    }
    return object;
  }
}
