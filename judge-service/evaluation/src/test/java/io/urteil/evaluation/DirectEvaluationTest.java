package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.evaluation.DirectVerdict.Choice;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.event.EventCodec;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectEvaluationTest {

  static {
    EventCodec.trustEvents();
  }

  private static final String PAIRS =
      """
      {"id": "x", "question": "1+1?", "a": "two", "b": "seven", "better": "A"}
      {"id": "y", "question": "1+2?", "a": "two", "b": "three", "better": "B"}
      {"id": "z", "question": "2+2?", "a": "one", "b": "four", "better": "B"}
      """;

  private final Path file;

  DirectEvaluationTest(@TempDir Path directory) throws Exception {
    file = directory.resolve("pairs.jsonl");
    Files.writeString(file, PAIRS);
  }

  /** Prefers what it is shown first; cannot look at one of the questions. */
  private static final class FirstShown implements GroupJudge {
    @Override
    public String version() {
      return "first/1";
    }

    @Override
    public List<Finding> judge(CandidateGroup group) throws PermanentFailureException {
      if (text(group.candidates().getFirst(), 0).equals("1+2?")) {
        throw new PermanentFailureException("too long");
      }
      Verdict verdict = Verdict.newBuilder().setScores(List.of(1.0)).setPreference("A").build();
      Verdict other = Verdict.newBuilder().setScores(List.of(0.0)).setPreference("A").build();
      return List.of(new Finding.Scored(verdict, null), new Finding.Scored(other, null));
    }
  }

  /** Scores by the number of letters, and declines to score "one". */
  private static final class Letters implements PointwiseJudge {
    @Override
    public String version() {
      return "letters/1";
    }

    @Override
    public Finding judge(Rollout rollout) {
      String answer = text(rollout, 1);
      return answer.equals("one")
          ? new Finding.Abstained("not that one")
          : new Finding.Scored(
              Verdict.newBuilder().setScores(List.of((double) answer.length())).build(), null);
    }
  }

  @Test
  void shouldJudgeBothOrdersAndLeaveOutWhatFails() throws Exception {
    // Given
    List<Long> progress = new ArrayList<>();

    // When
    DirectEvaluation.Judged judged = evaluation(null).judge(new FirstShown(), progress::add);

    // Then
    assertThat(judged.verdicts().stream().map(one -> one.pair() + one.order() + one.said()))
        .containsExactly("xABA", "xBAB", "yABFAILED", "yBAFAILED", "zABA", "zBAB");
    assertThat(judged.verdicts().stream().map(DirectVerdict::better))
        .containsExactly(Choice.A, Choice.A, Choice.B, Choice.B, Choice.B, Choice.B);
    assertThat(judged.verdicts().get(1).scores()).containsExactly(0.0, 1.0);
    assertThat(judged.verdicts().get(2).error()).contains("too long");
    assertThat(judged.verdicts().getFirst().error()).isNull();
    assertThat(judged.accuracy()).isEqualTo(1 / 3.0);
    assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void shouldAskAJudgeOfSingleCandidatesOnce() throws Exception {
    // When
    DirectEvaluation.Judged judged = evaluation(null).judge(new Letters(), done -> {});

    // Then
    assertThat(judged.verdicts().stream().map(one -> one.pair() + one.order() + one.said()))
        .containsExactly("xABB", "yABB", "zABABSTAINED");
    assertThat(judged.verdicts().getFirst().scores()).containsExactly(3.0, 5.0);
    assertThat(judged.verdicts().getLast().scores()).containsExactly(null, 4.0);
    assertThat(judged.accuracy()).isEqualTo(1 / 3.0);
  }

  @Test
  void shouldTakeTheFirstItemsWhole() throws Exception {
    // When
    DirectEvaluation two = evaluation(2);
    DirectEvaluation oneOfNinePairs =
        DirectEvaluation.of(BenchmarkItems.read(Benchmark.named("rm-bench"), List.of(), 1), null);

    // Then
    assertThat(two.pairs()).isEqualTo(2);
    assertThat(two.comparisons(true)).isEqualTo(4);
    assertThat(two.comparisons(false)).isEqualTo(2);
    assertThat(oneOfNinePairs.pairs()).isEqualTo(9);
  }

  @Test
  void shouldRefuseABenchmarkOfOtherThanPairs() {
    assertThatThrownBy(
            () ->
                DirectEvaluation.of(
                    BenchmarkItems.read(Benchmark.named("math-bon8"), List.of(), null), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("benchmark: 'math-bon8'")
        .hasMessageContaining("has 8 candidates (expected: a pair");
  }

  private DirectEvaluation evaluation(@Nullable Integer limit) throws Exception {
    return DirectEvaluation.of(
        BenchmarkItems.read(Benchmark.named("pairs"), List.of(file), limit), null);
  }

  private static String text(Rollout rollout, int segment) {
    return Objects.requireNonNull(rollout.getSegments().get(segment).getText());
  }
}
