package io.urteil.chat.decision;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The answers to all questions of a request.
 *
 * @param model as reported by the server; may be empty
 * @param byQuestion in the order of the request
 * @param inputTokens 0 if unknown
 * @param outputTokens 0 if unknown
 */
public record DecisionAnswers(
    String model,
    SequencedMap<String, DecisionAnswer> byQuestion,
    int inputTokens,
    int outputTokens) {

  public DecisionAnswers {
    byQuestion = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byQuestion));
  }
}
