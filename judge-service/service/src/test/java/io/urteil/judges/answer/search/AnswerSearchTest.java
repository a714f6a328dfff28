package io.urteil.judges.answer.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.run.judge.RuleJudge.Compare;
import java.time.Duration;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerSearchTest {

  private static final Duration TIME =
      Duration.ofMillis(Long.getLong("urteil.search.millis", 1_500));

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldFindNoWrongAnswerThatIsPaid(Compare compare) {
    // Given
    AnswerJudge judge = new AnswerJudge(compare);
    AnswerSearch search =
        new AnswerSearch(
            Vocabulary.of(compare), (response, reference) -> right(judge, response, reference), 7);

    // When
    AnswerSearch.Result result = search.run(TIME);

    // Then
    result.found().forEach(System.out::println);
    System.out.println(compare + ": " + result.tried() + " tried, " + result.read() + " read");
    assertThat(result.tried()).isPositive();
    assertThat(result.found()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldStartFromAnswersThatAreRightForAReference(Compare compare) {
    AnswerJudge judge = new AnswerJudge(compare);
    Vocabulary vocabulary = Vocabulary.of(compare);
    for (String reference : vocabulary.references()) {
      assertThat(right(judge, vocabulary.response(reference), reference)).as(reference).isTrue();
    }
    assertThat(vocabulary.seeds())
        .allMatch(
            seed ->
                vocabulary.references().stream()
                        .filter(ref -> right(judge, vocabulary.response(seed), ref))
                        .count()
                    <= 1);
  }

  @Test
  void shouldFindTheWeaknessOfAComparisonThatLooksForTheReference() {
    // Given
    BiPredicate<String, String> contains = String::contains;
    AnswerSearch search = new AnswerSearch(Vocabulary.of(Compare.NUMBER), contains, 7);

    // When
    AnswerSearch.Result result = search.run(Duration.ofSeconds(1));

    // Then
    assertThat(result.found()).isNotEmpty();
    assertThat(result.found().getFirst().why()).contains("right for");
  }

  private static boolean right(AnswerJudge judge, String response, String reference) {
    Rollout rollout =
        TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, response)
            .setReference(reference)
            .build();
    return judge.judge(rollout) instanceof Finding.Scored scored
        && AnswerJudge.RIGHT.equals(scored.verdict().getLabel());
  }
}
