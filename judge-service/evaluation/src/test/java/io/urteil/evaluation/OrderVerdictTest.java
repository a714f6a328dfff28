package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderVerdictTest {

  /** The same votes as {@code PairVoteCount} counts. */
  @ParameterizedTest
  @CsvSource({
    "A, A, A",
    "A A B, A, A",
    "A B, TIE, TIE",
    "TIE TIE A, TIE, A",
    "TIE A, A, A",
    "TIE A B, TIE, TIE",
    "unparseable B, B, B",
    "A:0.6:0.4 A:0.6:0.4 B:0.1:0.9, A, B",
    "A:0.9:0.1 B:0.4:0.6, A, A",
  })
  void shouldAggregateVotesAsTheJudgeDoes(String votes, Preference majority, Preference mean) {
    List<Vote> all = Arrays.stream(votes.split(" ")).map(OrderVerdictTest::vote).toList();

    assertThat(OrderVerdict.of(all, Combine.MAJORITY)).contains(majority);
    assertThat(OrderVerdict.of(all, Combine.MEAN)).contains(mean);
  }

  @ParameterizedTest
  @CsvSource({"unparseable", "unparseable unparseable"})
  void shouldHaveNoVerdictWithoutAReadableVote(String votes) {
    List<Vote> all = Arrays.stream(votes.split(" ")).map(OrderVerdictTest::vote).toList();

    assertThat(OrderVerdict.of(all, Combine.MAJORITY)).isEmpty();
  }

  private static Vote vote(String text) {
    String[] parts = text.split(":");
    boolean readable = !text.equals("unparseable");
    return Vote.newBuilder()
        .setOrder("0,1")
        .setSample(0)
        .setStatus(readable ? JudgementStatus.SCORED : JudgementStatus.UNPARSEABLE)
        .setVerdict(
            readable
                ? Verdict.newBuilder()
                    .setPreference(Preference.valueOf(parts[0]).spelling())
                    .setScores(Arrays.stream(parts).skip(1).map(Double::valueOf).toList())
                    .build()
                : null)
        .build();
  }
}
