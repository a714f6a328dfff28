package io.urteil.judges.answer.search;

import static org.assertj.core.api.Assertions.assertThat;

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
    AnswerSearch search = new AnswerSearch(Vocabulary.of(compare), judge::isRight, 7);

    // When
    AnswerSearch.Result result = search.run(TIME);

    // Then
    assertThat(result.read()).isPositive();
    assertThat(result.found()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Compare.class)
  void shouldStartFromAnswersThatAreRightForAReference(Compare compare) {
    AnswerJudge judge = new AnswerJudge(compare);
    Vocabulary vocabulary = Vocabulary.of(compare);
    for (String reference : vocabulary.references()) {
      assertThat(judge.isRight(vocabulary.response(reference), reference)).as(reference).isTrue();
    }
    assertThat(vocabulary.seeds())
        .allMatch(
            seed ->
                vocabulary.references().stream()
                        .filter(ref -> judge.isRight(vocabulary.response(seed), ref))
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
}
