package io.urteil.chat.decision;

import static io.urteil.chat.decision.DecisionFixtures.DECISIONS_ANSWER;
import static io.urteil.chat.decision.DecisionFixtures.SYSTEM_ONE_ANSWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.engine.EngineException;
import io.urteil.run.judge.RubricJudge.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and responses of the two protocols, byte for byte and damaged. */
class DecisionProtocolTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String STATE =
      "{\"question\":\"6*7?\",\"answer\":\"42 <\u2060|im_end|>\",\"reference\":\"42\"}";

  @Test
  void shouldAskSystemOneByName() throws Exception {
    // When
    String body = DecisionFixtures.model(Protocol.SYSTEM_ONE).body(DecisionFixtures.request());

    // Then
    assertThat(JSON.readTree(body))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "decider", "state": %s, "questions": {
                  "correct": {"type": "noul", "instructions": "The answer is right.",
                    "criteria": {"true": "It is.", "false": "It is not."}},
                  "help": {"type": "score", "instructions": "How helpful is the answer?",
                    "criteria": ["useless", "partly", "fully"]},
                  "style": {"type": "choice", "instructions": "Which style?",
                    "criteria": {"formal": "As in a letter", "casual": null}}}}
                """
                    .formatted(STATE)));
  }

  @Test
  void shouldAskDecisionsInOrder() throws Exception {
    // When
    String body = DecisionFixtures.model(Protocol.DECISIONS).body(DecisionFixtures.request());

    // Then
    assertThat(JSON.readTree(body))
        .isEqualTo(
            JSON.readTree(
                """
                {"model": "decider",
                 "input": [{"type": "message", "role": "user", "content": %s}],
                 "questions": [
                  {"type": "predicate", "name": "correct",
                   "instructions": "The answer is right.\\nTrue: It is.\\nFalse: It is not."},
                  {"type": "score", "name": "help", "instructions": "How helpful is the answer?",
                   "levels": [{"label": "useless"}, {"label": "partly"}, {"label": "fully"}]},
                  {"type": "choice", "name": "style", "instructions": "Which style?",
                   "choices": [{"value": "formal", "description": "As in a letter"},
                     {"value": "casual"}]}]}
                """
                    .formatted(JSON.writeValueAsString(STATE))));
  }

  @Test
  void shouldReadProbabilitiesAndTheirMass() {
    // When
    DecisionAnswers answers =
        DecisionFixtures.model(Protocol.SYSTEM_ONE)
            .read(DecisionFixtures.request(), SYSTEM_ONE_ANSWER);

    // Then
    assertThat(answers.model()).isEqualTo("decider-1");
    assertThat(answers.inputTokens()).isEqualTo(70);
    assertThat(answers.outputTokens()).isEqualTo(3);
    assertThat(answers.byQuestion())
        .containsExactly(
            entry("correct", List.of(0.875, 0.125), 0.5),
            entry("help", List.of(0.25, 0.25, 0.5), 1),
            entry("style", List.of(0.75, 0.25), 0.25));
  }

  @Test
  void shouldReadTheMassOfSglangAndAWrappedResponse() {
    // Given
    String wrapped =
        "{\"result\": "
            + SYSTEM_ONE_ANSWER
                .replace("\"diagnostics\"", "\"other\"")
                .replace("\"noul\": 0.875", "\"noul\": 0.875, \"x_label_mass\": 0.125")
            + "}";

    // When
    DecisionAnswers answers =
        DecisionFixtures.model(Protocol.SYSTEM_ONE).read(DecisionFixtures.request(), wrapped);

    // Then
    assertThat(answers.byQuestion())
        .contains(entry("correct", List.of(0.875, 0.125), 0.125))
        .contains(entry("style", List.of(0.75, 0.25), 1));
  }

  @Test
  void shouldReadDecisionsAndRefusals() {
    // Given
    String refused =
        DECISIONS_ANSWER.replace(
            "{\"type\": \"predicate\", \"name\": \"correct\", \"probability\": 0.875}",
            "{\"type\": \"refusal\", \"name\": \"correct\"}");

    // When
    DecisionAnswers answers =
        DecisionFixtures.model(Protocol.DECISIONS).read(DecisionFixtures.request(), refused);

    // Then
    assertThat(answers.byQuestion())
        .containsExactly(
            java.util.Map.entry("correct", new DecisionAnswer.Refused()),
            entry("help", List.of(0.25, 0.25, 0.5), 1),
            entry("style", List.of(0.75, 0.25), 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`\"noul\": 0.875`; `\"noul\": NaN`; JSON",
        "`\"noul\": 0.875`; `\"noul\": \"0.875\"`; correct.noul: \"0.875\" (expected: a number from 0 to 1)",
        "`\"noul\": 0.875`; `\"noul\": 1.5`; correct.noul: 1.5",
        "`\"noul\": 0.875`; `\"noul\": -0.1`; correct.noul: -0.1",
        "`\"noul\": 0.875`; `\"noul\": 1e400`; correct.noul",
        "`\"noul\": 0.875`; `\"nul\": 0.875`; correct.noul: missing",
        "`\"noul\": 0.875`; `\"noul\": 0.875, \"noul\": 0.1`; JSON",
        "`\"correct\": {\"type\"`; `\"other\": {\"type\"`; one for each question",
        "`\"correct\": {\"type\": \"noul\"`; `\"correct\": {\"type\": \"score\"`; correct.type",
        "`\"2\": 0.5`; `\"3\": 0.5`; of 0, 1, 2",
        "`\"2\": 0.5`; `\"2\": 0.6`; a sum of 1",
        "`\"2\": 0.5`; `\"2\": null`; help.probabilities.2",
        "`\"score\": 1.25`; `\"score\": 0.25`; help.score: 0.25",
        "`\"score\": 1.25`; `\"score\": null`; help.score",
        "`\"choice\": \"formal\"`; `\"choice\": \"casual\"`; the most probable option",
        "`\"choice\": \"formal\"`; `\"choice\": \"strict\"`; the most probable option",
        "`\"label_mass\": 0.5`; `\"label_mass\": \"all\"`; correct.label_mass",
      })
  void shouldRejectWhatIsNoDecision(String found, String replacement, String problem) {
    // Given
    assertThat(SYSTEM_ONE_ANSWER).contains(found);
    String damaged = SYSTEM_ONE_ANSWER.replace(found, replacement);

    // When / Then
    assertThatThrownBy(
            () ->
                DecisionFixtures.model(Protocol.SYSTEM_ONE)
                    .read(DecisionFixtures.request(), damaged))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("response: ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "`\"name\": \"correct\"`; `\"name\": \"help\"`; name: \"help\" (expected: correct)",
        "`\"name\": \"correct\"`; `\"name\": null`; name: null",
        "`\"probability\": 0.875}`; `\"probability\": 0.875}, {\"type\": \"refusal\"}`; one for each question",
        "`\"value\": 1, \"label\"`; `\"value\": 0, \"label\"`; each option once",
        "`\"value\": \"casual\"`; `\"value\": {}`; each option once",
        "`\"value\": \"casual\"`; `\"value\": true`; of formal, casual",
        "`\"probability\": 0.75`; `\"probability\": 0.7`; a sum of 1",
      })
  void shouldRejectWhatIsNoOpenAiDecision(String found, String replacement, String problem) {
    // Given
    assertThat(DECISIONS_ANSWER).contains(found);
    String damaged = DECISIONS_ANSWER.replace(found, replacement);

    // When / Then
    assertThatThrownBy(
            () ->
                DecisionFixtures.model(Protocol.DECISIONS)
                    .read(DecisionFixtures.request(), damaged))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(problem);
  }

  private static java.util.Map.Entry<String, DecisionAnswer> entry(
      String name, List<Double> probabilities, double mass) {
    return java.util.Map.entry(name, new DecisionAnswer.Decided(probabilities, mass));
  }
}
