package io.urteil.chat.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** A way to ask questions over HTTP. Pure. */
sealed interface DecisionProtocol permits SystemOneProtocol, OpenAiDecisionsProtocol {

  /** The path below the URL of the server. */
  String path();

  /** Adds the state to the body of a request. */
  void writeState(ObjectNode body, DecisionState state);

  /** Adds the questions to the body of a request. */
  void writeQuestions(ObjectNode body, SequencedMap<String, RubricQuestion> questions);

  /**
   * The answers to these questions.
   *
   * @throws UnreadableAnswerException when the response does not answer each question exactly once,
   *     with probabilities
   */
  SequencedMap<String, DecisionAnswer> read(
      JsonNode response, SequencedMap<String, RubricQuestion> questions);

  /** The name of a question's type. */
  String type(RubricQuestion question);

  /** The field of an answer with the probability that a statement is true. */
  String statementField();

  /** The probabilities of an answer by option. */
  Map<String, JsonNode> byOption(String place, JsonNode probabilities);

  /**
   * The answer to one question. Both protocols name the same facts: a type, or a refusal; for a
   * rating and a choice the probability of each option and the value that follows from them.
   *
   * @param mass the probability of the options altogether
   */
  default DecisionAnswer read(
      String name, JsonNode answer, RubricQuestion question, JsonNode mass) {
    JsonNode type = answer.path("type");
    if (type.asText().equals("refusal")) {
      return new DecisionAnswer.Refused();
    }
    if (!type.asText().equals(type(question))) {
      throw new UnreadableAnswerException(name + ".type", Distribution.shown(type), type(question));
    }
    return new DecisionAnswer.Decided(
        probabilities(name, answer, question), Distribution.massOrOne(name + ".label_mass", mass));
  }

  private List<Double> probabilities(String name, JsonNode answer, RubricQuestion question) {
    String place = name + ".probabilities";
    return switch (question) {
      case RubricQuestion.YesNo yesNo -> {
        String field = statementField();
        yield Distribution.ofStatement(
            Distribution.probability(name + "." + field, answer.path(field)));
      }
      case RubricQuestion.Score score -> {
        List<Double> levels =
            Distribution.of(
                place, byOption(place, answer.path("probabilities")), indexes(score.levels()));
        Distribution.requireLevel(name + ".score", answer.path("score"), levels);
        yield levels;
      }
      case RubricQuestion.Choice choice -> {
        SequencedSet<String> options = choice.options().sequencedKeySet();
        List<Double> chosen =
            Distribution.of(place, byOption(place, answer.path("probabilities")), options);
        Distribution.requireMostProbable(
            name + ".choice", answer.path("choice").asText(), options, chosen);
        yield chosen;
      }
    };
  }

  /** The levels of a rating, as answers name them: from 0. */
  private static SequencedSet<String> indexes(List<String> levels) {
    SequencedMap<String, String> indexes = new LinkedHashMap<>();
    levels.forEach(level -> indexes.put(String.valueOf(indexes.size()), level));
    return indexes.sequencedKeySet();
  }

  /** The protocol of a run file. */
  static DecisionProtocol of(RubricJudge.Protocol protocol) {
    return switch (protocol) {
      case SYSTEM_ONE -> new SystemOneProtocol();
      case DECISIONS -> new OpenAiDecisionsProtocol();
    };
  }
}
