package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.RubricQuestion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
  public void write(
      ObjectNode body, DecisionState state, SequencedMap<String, RubricQuestion> questions) {
    body.putArray("input")
        .addObject()
        .put("type", "message")
        .put("role", "user")
        .put("content", state.json().toString());
    ArrayNode all = body.putArray("questions");
    questions.forEach((name, question) -> write(all.addObject(), name, question));
  }

  private static void write(ObjectNode json, String name, RubricQuestion question) {
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

  private static String type(RubricQuestion question) {
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
      read.put(name, read(name, answer, question.getValue()));
    }
    return read;
  }

  private static DecisionAnswer read(String name, JsonNode answer, RubricQuestion question) {
    String type = answer.path("type").asText();
    if (type.equals("refusal")) {
      return new DecisionAnswer.Refused();
    }
    if (!type.equals(type(question))) {
      throw new UnreadableAnswerException(
          name + ".type", Distribution.shown(answer.path("type")), type(question));
    }
    return new DecisionAnswer.Decided(probabilities(name, answer, question), 1);
  }

  private static List<Double> probabilities(String name, JsonNode answer, RubricQuestion question) {
    String place = name + ".probabilities";
    return switch (question) {
      case RubricQuestion.YesNo yesNo ->
          Distribution.ofStatement(
              Distribution.probability(name + ".probability", answer.path("probability")));
      case RubricQuestion.Score score -> {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < score.levels().size(); i++) {
          labels.put(String.valueOf(i), score.levels().get(i));
        }
        List<Double> levels =
            Distribution.of(
                place, values(place, answer.path("probabilities")), labels.sequencedKeySet());
        Distribution.requireLevel(name + ".score", answer.path("score"), levels);
        yield levels;
      }
      case RubricQuestion.Choice choice -> {
        var options = choice.options().sequencedKeySet();
        List<Double> chosen =
            Distribution.of(place, values(place, answer.path("probabilities")), options);
        Distribution.requireMostProbable(
            name + ".choice", answer.path("choice").asText(), options, chosen);
        yield chosen;
      }
    };
  }

  private static Map<String, JsonNode> values(String place, JsonNode probabilities) {
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
