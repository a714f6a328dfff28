package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import java.util.SequencedMap;

/** A way to ask questions over HTTP. Pure. */
sealed interface DecisionProtocol permits SystemOneProtocol, OpenAiDecisionsProtocol {

  /** The path below the URL of the server. */
  String path();

  /** Adds state and questions to the body of a request. */
  void write(ObjectNode body, DecisionState state, SequencedMap<String, RubricQuestion> questions);

  /**
   * The answers to these questions.
   *
   * @throws UnreadableAnswerException when the response does not answer each question exactly once,
   *     with probabilities
   */
  SequencedMap<String, DecisionAnswer> read(
      JsonNode response, SequencedMap<String, RubricQuestion> questions);

  /** The protocol of a run file. */
  static DecisionProtocol of(RubricJudge.Protocol protocol) {
    return switch (protocol) {
      case SYSTEM_ONE -> new SystemOneProtocol();
      case DECISIONS -> new OpenAiDecisionsProtocol();
    };
  }
}
