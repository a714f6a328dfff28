package io.urteil.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Token ids in configuration files, where one id and a list of ids are both common. */
final class TokenIds {

  private TokenIds() {}

  static List<Integer> read(JsonNode root, String field, List<String> problems) {
    JsonNode node = root.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : node.isArray() ? node : List.of(node)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        problems.add("%s: %s (expected: a token id or a list of them)".formatted(field, node));
        return List.of();
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
