package io.urteil.chat.decision;

import io.urteil.chat.RemoteChatModel;
import io.urteil.chat.RemoteServer;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A rubric with a question of each type, and what servers answer to it. */
final class DecisionFixtures {

  /** As vLLM 0.33 answers: the mass of the labels is in the diagnostics. */
  static final String SYSTEM_ONE_ANSWER =
      """
      {"id": "d-1", "object": "structured_decision", "created": 1, "model": "decider-1",
       "answers": {
        "correct": {"type": "noul", "noul": 0.875},
        "help": {"type": "score", "score": 1.25, "confidence": 0.5,
          "probabilities": {"0": 0.25, "1": 0.25, "2": 0.5}},
        "style": {"type": "choice", "choice": "formal", "confidence": 0.75,
          "probabilities": {"formal": 0.75, "casual": 0.25}}},
       "diagnostics": {
        "correct": {"label_mass": 0.5, "argmax_is_label": true},
        "help": {"label_mass": 1.0, "argmax_is_label": true},
        "style": {"label_mass": 0.25, "argmax_is_label": false}},
       "usage": {"input_tokens": 70, "output_tokens": 3}}
      """;

  /** As the OpenAI client 3.57 reads it. */
  static final String DECISIONS_ANSWER =
      """
      {"model": "decider-1", "answers": [
        {"type": "predicate", "name": "correct", "probability": 0.875},
        {"type": "score", "name": "help", "score": 1.25, "confidence": 0.5, "probabilities": [
          {"value": 0, "label": "useless", "probability": 0.25},
          {"value": 1, "label": "partly", "probability": 0.25},
          {"value": 2, "label": "fully", "probability": 0.5}]},
        {"type": "choice", "name": "style", "choice": "formal", "confidence": 0.75,
          "probabilities": [{"value": "formal", "probability": 0.75},
            {"value": "casual", "probability": 0.25}]}],
       "usage": {"input_tokens": 70, "input_tokens_details": {"cached_tokens": 0,
          "cache_write_tokens": 0}, "output_tokens": 3,
          "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 73}}
      """;

  private static final RemoteServer SERVER =
      RemoteServer.at(URI.create("http://127.0.0.1:1/v1"), "decider");

  private DecisionFixtures() {}

  static SequencedMap<String, RubricQuestion> rubric() {
    SequencedMap<String, RubricQuestion.Option> styles = new LinkedHashMap<>();
    styles.put("formal", new RubricQuestion.Option(1, "As in a letter"));
    styles.put("casual", new RubricQuestion.Option(0.5, null));
    SequencedMap<String, RubricQuestion> questions = new LinkedHashMap<>();
    questions.put(
        "correct", new RubricQuestion.YesNo("The answer is right.", 2, "It is.", "It is not."));
    questions.put(
        "help",
        new RubricQuestion.Score(
            "How helpful is the answer?", 1, List.of("useless", "partly", "fully")));
    questions.put("style", new RubricQuestion.Choice("Which style?", 1, styles));
    return questions;
  }

  static DecisionRequest request() {
    return new DecisionRequest("r/g/only/0", "6*7?", "42 <|im_end|>", "42", rubric());
  }

  static RemoteDecisionModel model(RubricJudge.Protocol protocol) {
    return new RemoteDecisionModel(new RemoteChatModel(SERVER), protocol);
  }
}
