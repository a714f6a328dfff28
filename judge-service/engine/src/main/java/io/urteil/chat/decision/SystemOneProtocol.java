package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.RubricQuestion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * {@code POST systemone}: a state, and questions by name. The probability mass of an answer's
 * options is {@code diagnostics.NAME.label_mass} in vLLM and {@code x_label_mass} of the answer in
 * SGLang. Pure.
 */
final class SystemOneProtocol implements DecisionProtocol {

  @Override
  public String path() {
    return "systemone";
  }

  @Override
  public void writeState(ObjectNode body, DecisionState state) {
    body.set("state", state.json());
  }

  @Override
  public void writeQuestions(ObjectNode body, SequencedMap<String, RubricQuestion> questions) {
    ObjectNode all = body.putObject("questions");
    questions.forEach((name, question) -> write(all.putObject(name), question));
  }

  private void write(ObjectNode json, RubricQuestion question) {
    json.put("type", type(question)).put("instructions", question.instructions());
    switch (question) {
      case RubricQuestion.YesNo yesNo -> {
        if (yesNo.yes() != null || yesNo.no() != null) {
          ObjectNode criteria = json.putObject("criteria");
          if (yesNo.yes() != null) {
            criteria.put("true", yesNo.yes());
          }
          if (yesNo.no() != null) {
            criteria.put("false", yesNo.no());
          }
        }
      }
      case RubricQuestion.Score score -> {
        ArrayNode levels = json.putArray("criteria");
        score.levels().forEach(levels::add);
      }
      case RubricQuestion.Choice choice -> {
        ObjectNode options = json.putObject("criteria");
        choice.options().forEach((name, option) -> options.put(name, option.description()));
      }
    }
  }

  @Override
  public String type(RubricQuestion question) {
    return switch (question) {
      case RubricQuestion.YesNo yesNo -> "noul";
      case RubricQuestion.Score score -> "score";
      case RubricQuestion.Choice choice -> "choice";
    };
  }

  @Override
  public SequencedMap<String, DecisionAnswer> read(
      JsonNode response, SequencedMap<String, RubricQuestion> questions) {
    JsonNode answers = response.path("answers");
    Set<String> names = new HashSet<>();
    answers.fieldNames().forEachRemaining(names::add);
    if (!answers.isObject() || !names.equals(questions.keySet())) {
      throw new UnreadableAnswerException(
          "answers", Distribution.shown(answers), "one for each question");
    }
    SequencedMap<String, DecisionAnswer> read = new LinkedHashMap<>();
    questions.forEach(
        (name, question) -> {
          JsonNode answer = answers.path(name);
          JsonNode mass = response.path("diagnostics").path(name).path("label_mass");
          read.put(
              name,
              read(
                  name,
                  answer,
                  question,
                  mass.isMissingNode() ? answer.path("x_label_mass") : mass));
        });
    return read;
  }

  @Override
  public String statementField() {
    return "noul";
  }

  @Override
  public Map<String, JsonNode> byOption(String place, JsonNode probabilities) {
    Map<String, JsonNode> fields = new HashMap<>();
    probabilities.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return fields;
  }
}
