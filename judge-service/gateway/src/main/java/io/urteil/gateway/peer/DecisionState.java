package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.event.OutcomeMember;
import io.urteil.gateway.SubmittedMessage;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What System One and Decisions share: the state that questions are about. Pure. */
final class DecisionState {

  private static final int MOST_LEVELS = 255;

  private DecisionState() {}

  /**
   * The sample of a state: {question, response, answer}, {question, answer, reference}, or a text.
   */
  static PeerGroup sample(JsonNode state, String place) {
    if (state.isTextual()) {
      return PeerGroup.alone(List.of(), state.asText(), null);
    }
    boolean named = state.has("response");
    JsonNode answer = state.path(named ? "response" : "answer");
    if (!answer.isTextual()) {
      throw PeerBody.invalid(
          place, state, "a text, or an object with the text response, the answer to judge");
    }
    JsonNode question = state.path("question");
    List<SubmittedMessage> prompt =
        question.isMissingNode() || question.isNull()
            ? List.of()
            : PeerBody.prompt(question, place + ".question");
    return PeerGroup.alone(
        prompt, answer.asText(), PeerBody.label(state.path(named ? "answer" : "reference")));
  }

  /** The levels of a rating. */
  static List<String> levels(JsonNode question, String field, String place) {
    List<String> levels = new ArrayList<>();
    for (JsonNode level : question.path(field)) {
      levels.add(level.path("label").asText(level.asText("")));
    }
    if (levels.size() < 2 || levels.size() > MOST_LEVELS) {
      throw PeerBody.invalid(place + "." + field, question.path(field), "2 to 255 levels");
    }
    return levels;
  }

  /** The error of a reward outside of the range of a probability. */
  static Response outOfRange(AskedQuestion question, @Nullable OutcomeMember member) {
    return PeerErrors.openAi(
        PeerErrors.UNPROCESSABLE,
        "invalid_request",
        "question '%s': the reward %s (expected: from 0 to 1; other rewards are served by POST /v1/rewards)"
            .formatted(question.name(), member == null ? "" : member.getReward()));
  }
}
