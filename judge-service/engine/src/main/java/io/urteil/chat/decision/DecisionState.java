package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.chat.ControlTokenEscaping;
import org.jspecify.annotations.Nullable;

/**
 * What the questions are about, as a JSON object: an answer cannot add a heading or a field to it.
 * Control tokens are escaped.
 */
record DecisionState(String question, String answer, @Nullable String reference) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static DecisionState of(DecisionRequest request) {
    return new DecisionState(request.question(), request.answer(), request.reference());
  }

  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("question", ControlTokenEscaping.escaped(question));
    json.put("answer", ControlTokenEscaping.escaped(answer));
    if (reference != null) {
      json.put("reference", ControlTokenEscaping.escaped(reference));
    }
    return json;
  }
}
