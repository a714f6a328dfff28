package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.RubricQuestion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * {@code POST decisions}: an input text, and questions in order. A refusal is an answer. The server
 * reports no probability mass: its confidence has no common definition and is not read. Pure.
 */
final class OpenAiDecisionsProtocol implements DecisionProtocol {

  @Override
  public String path() {
    return "decisions";
  }

  @Override
  public void writeState(ObjectNode body, DecisionState state) {
    body.putArray("input")
        .addObject()
        .put("type", "message")
        .put("role", "user")
        .put("content", state.json().toString());
  }

  @Override
  public void writeQuestions(ObjectNode body, SequencedMap<String, RubricQuestion> questions) {
    ArrayNode all = body.putArray("questions");
    questions.forEach((name, question) -> write(all.addObject(), name, question));
  }

  private void write(ObjectNode json, String name, RubricQuestion question) {
    json.put("type", type(question)).put("name", name);
    switch (question) {
      case RubricQuestion.YesNo yesNo -> json.put("instructions", statement(yesNo));
      case RubricQuestion.Score score -> {
        json.put("instructions", score.instructions());
        ArrayNode levels = json.putArray("levels");
        score.levels().forEach(level -> levels.addObject().put("label", level));
      }
      case RubricQuestion.Choice choice -> {
        json.put("instructions", choice.instructions());
        ArrayNode options = json.putArray("choices");
        choice
            .options()
            .forEach(
                (value, option) -> {
                  ObjectNode each = options.addObject().put("value", value);
                  if (option.description() != null) {
                    each.put("description", option.description());
                  }
                });
      }
    }
  }

  /** A predicate has no descriptions of its two values; they follow the statement. */
  private static String statement(RubricQuestion.YesNo question) {
    StringBuilder text = new StringBuilder(question.instructions());
    if (question.yes() != null) {
      text.append("\nTrue: ").append(question.yes());
    }
    if (question.no() != null) {
      text.append("\nFalse: ").append(question.no());
    }
    return text.toString();
  }

  @Override
  public String type(RubricQuestion question) {
    return switch (question) {
      case RubricQuestion.YesNo yesNo -> "predicate";
      case RubricQuestion.Score score -> "score";
      case RubricQuestion.Choice choice -> "choice";
    };
  }

  @Override
  public SequencedMap<String, DecisionAnswer> read(
      JsonNode response, SequencedMap<String, RubricQuestion> questions) {
    JsonNode answers = response.path("answers");
    if (!answers.isArray() || answers.size() != questions.size()) {
      throw new UnreadableAnswerException(
          "answers", Distribution.shown(answers), "one for each question");
    }
    SequencedMap<String, DecisionAnswer> read = new LinkedHashMap<>();
    int index = 0;
    for (Map.Entry<String, RubricQuestion> question : questions.entrySet()) {
      JsonNode answer = answers.path(index++);
      String name = question.getKey();
      if (!answer.path("name").isTextual() || !answer.path("name").asText().equals(name)) {
        throw new UnreadableAnswerException("name", Distribution.shown(answer.path("name")), name);
      }
      read.put(name, read(name, answer, question.getValue(), MissingNode.getInstance()));
    }
    return read;
  }

  @Override
  public String statementField() {
    return "probability";
  }

  @Override
  public Map<String, JsonNode> byOption(String place, JsonNode probabilities) {
    Map<String, JsonNode> values = new HashMap<>();
    for (JsonNode each : probabilities) {
      JsonNode value = each.path("value");
      if (!value.isValueNode() || values.put(value.asText(), each.path("probability")) != null) {
        throw new UnreadableAnswerException(
            place, Distribution.shown(value) + " twice or as no value", "each option once");
      }
    }
    return values;
  }
}
