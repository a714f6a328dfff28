package io.urteil.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON lines, or one JSON array. */
final class JsonRows {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int SHOWN = 60;

  private JsonRows() {}

  static void read(String text, RowReader rows) {
    if (text.stripLeading().startsWith("[")) {
      array(text, rows);
    } else {
      lines(text, rows);
    }
  }

  private static void array(String text, RowReader rows) {
    JsonNode array;
    try {
      array = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      rows.invalid(
          "line " + e.getLocation().getLineNr(),
          e.getOriginalMessage() + " (expected: one JSON array)");
      return;
    }
    int number = 0;
    for (JsonNode node : array) {
      add("item " + number++, node, rows);
    }
  }

  private static void lines(String text, RowReader rows) {
    int number = 0;
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int to = end < 0 ? text.length() : end;
      String line = text.substring(from, to);
      from = to + 1;
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode node;
      try {
        node = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        rows.invalid("line " + number, e.getOriginalMessage() + " (expected: a JSON object)");
        continue;
      }
      add("line " + number, node, rows);
    }
  }

  private static void add(String position, JsonNode node, RowReader rows) {
    if (node instanceof ObjectNode row) {
      rows.row(position, row);
    } else {
      String shown = node.toString();
      rows.invalid(
          position,
          (shown.length() > SHOWN ? shown.substring(0, SHOWN - 3) + "..." : shown)
              + " (expected: a JSON object)");
    }
  }
}
