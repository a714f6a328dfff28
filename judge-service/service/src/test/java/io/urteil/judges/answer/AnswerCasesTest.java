package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.run.judge.RuleJudge.Compare;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses with a reference and the label that a person gives, by kind of answer. */
class AnswerCasesTest {

  /** One response; right is the label that the judge must give. */
  record Case(String kind, String reference, String response, String compare, boolean right) {

    /** What the judge makes of the response: right, wrong or refused. */
    String label() {
      Rollout rollout =
          TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, response)
              .setReference(reference)
              .build();
      Compare how = Compare.valueOf(compare.toUpperCase(Locale.ROOT));
      Finding finding = new AnswerJudge(how).judge(rollout);
      return finding instanceof Finding.Scored scored
          ? String.valueOf(scored.verdict().getLabel())
          : "refused";
    }

    boolean agrees() {
      return right == label().equals(AnswerJudge.RIGHT);
    }
  }

  /** Right answers called wrong, wrong answers paid, and right answers refused. */
  record Count(int cases, int calledWrong, int paid, int refused) {

    Count plus(Case one) {
      String label = one.label();
      return new Count(
          cases + 1,
          calledWrong + (one.right() && label.equals(AnswerJudge.WRONG) ? 1 : 0),
          paid + (!one.right() && label.equals(AnswerJudge.RIGHT) ? 1 : 0),
          refused + (one.right() && label.equals("refused") ? 1 : 0));
    }
  }

  static List<Case> cases(String resource) {
    try (InputStream in = AnswerCasesTest.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      try (MappingIterator<Case> lines = new ObjectMapper().readerFor(Case.class).readValues(in)) {
        return lines.readAll();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cases of a folder {@code answers}; none are in this source tree. */
  @Test
  void shouldLabelTheCasesOfAFolderAsAPersonDoes() throws IOException {
    // Given
    List<JsonNode> lines = CaseFolder.lines("answers");

    // When
    List<Case> cases =
        lines.stream()
            .map(
                line ->
                    new Case(
                        line.path("kind").asText(),
                        line.path("reference").asText(),
                        line.path("response").asText(),
                        line.path("compare").asText(),
                        line.path("right").asText().equals(AnswerJudge.RIGHT)))
            .toList();

    // Then
    assertThat(cases).isNotEmpty();
    assertThat(cases)
        .filteredOn(one -> !one.agrees())
        .map(
            one ->
                "%s: '%s' against '%s': %s"
                    .formatted(one.kind(), one.response(), one.reference(), one.label()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"answer-cases.jsonl", "answer-cases-invented.jsonl"})
  void shouldLabelEveryCaseAsAPersonDoes(String resource) {
    // Given
    List<Case> cases = cases(resource);
    Map<String, Count> counts = new TreeMap<>();

    // When
    List<String> others = new ArrayList<>();
    for (Case one : cases) {
      counts.merge(one.kind(), new Count(0, 0, 0, 0).plus(one), (a, b) -> a.plus(one));
      if (!one.agrees()) {
        others.add(
            "%s: '%s' against '%s': %s"
                .formatted(one.kind(), one.response(), one.reference(), one.label()));
      }
    }

    // Then
    counts.forEach((kind, count) -> System.out.println(resource + " " + kind + " " + count));
    assertThat(cases).hasSizeGreaterThan(100);
    assertThat(others).isEmpty();
  }

  @Test
  void shouldHaveControlsOnBothSidesOfEveryComparison() {
    List<Case> cases = cases("answer-cases.jsonl");
    assertThat(cases).extracting(Case::compare).contains("math", "number");
    assertThat(cases).filteredOn(one -> !one.right()).hasSizeGreaterThan(40);
  }
}
