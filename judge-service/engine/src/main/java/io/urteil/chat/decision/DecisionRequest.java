package io.urteil.chat.decision;

import io.urteil.run.judge.RubricQuestion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The questions of a rubric about one answer.
 *
 * @param id for logs and errors; need not be unique
 * @param question that the answer is to, untrusted
 * @param answer to judge, untrusted
 * @param reference the expected answer; null without one
 * @param questions by name, in order
 */
public record DecisionRequest(
    String id,
    String question,
    String answer,
    @Nullable String reference,
    SequencedMap<String, RubricQuestion> questions) {

  public DecisionRequest {
    questions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(questions));
  }
}
