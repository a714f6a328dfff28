package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.batch.NoBatches;
import io.urteil.order.CandidateOrders;
import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardRule;
import io.urteil.reward.rule.ByArm;
import io.urteil.reward.rule.PairConsistency;
import io.urteil.reward.rule.ScalarScore;
import io.urteil.reward.rule.VerdictReward;
import io.urteil.reward.rule.VerdictValues;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationRunFileTest {

  private static final JudgeSection ANSWER = new RuleJudge.Answer(RuleJudge.Compare.NUMBER);

  @Test
  void shouldTakeTheRewardThatPricesTheJudge() {
    // Given
    VerdictReward reward =
        new VerdictReward(
            VerdictReward.Variant.PLUS_MINUS_ONE, "mine", new VerdictValues(1, -1, -1));

    // When
    RunFile run = evaluation(ANSWER, reward).run("evaluation-1");

    // Then
    assertThat(run.run()).isEqualTo("evaluation-1");
    assertThat(run.reward()).isEqualTo(reward);
    assertThat(run.batch().kind()).isEqualTo(new NoBatches());
    assertThat(RunFileReader.read("evaluation", run.text())).isEqualTo(run);
  }

  @Test
  void shouldPayRightAnswersWhereTheRewardNeedsAnotherJudgeOrTwoArms() {
    RewardRule other = VerdictReward.correct("other", -1);
    RewardRule paired =
        new PairConsistency(
            "mine", new VerdictValues(1, 0, 0), 1, PairConsistency.Consistency.ADDS);
    SequencedMap<String, RewardPart> parts = new LinkedHashMap<>();
    parts.put("all", new RewardPart(1, List.of("AB"), other));
    RewardRule byArm = new ByArm(parts);

    for (RewardRule reward : List.of(other, paired, byArm)) {
      assertThat(evaluation(ANSWER, reward).run("x").reward())
          .isEqualTo(VerdictReward.correct("mine", 0));
    }
  }

  @Test
  void shouldBeNamedByWhatDecidesAJudgementAndNothingElse(@TempDir Path directory)
      throws IOException {
    // Given
    Path prompt = Files.writeString(directory.resolve("mine.yaml"), "first");
    JudgeSection asked = asked(directory, prompt, 0);
    String before = evaluation(asked, null).evaluation();
    String paid = evaluation(asked, new ScalarScore("mine", 1, 0, null)).evaluation();
    String seeded = evaluation(asked(directory, prompt, 1), null).evaluation();

    // When
    Files.writeString(prompt, "second");
    EvaluationRunFile after = evaluation(asked, null);

    // Then
    assertThat(before).startsWith("evaluate-pairs-").isEqualTo(paid).isNotEqualTo(seeded);
    assertThat(after.evaluation()).isNotEqualTo(before);
    assertThat(after.inputs()).containsKeys(directory.toString(), prompt.toString());
    assertThat(after.judges()).containsExactly("mine");
    assertThat(after.isGroupwise()).isTrue();
    assertThat(evaluation(ANSWER, null).isGroupwise()).isFalse();
  }

  private static JudgeSection asked(Path model, Path prompt, long seed) {
    JudgePanel panel =
        JudgePanel.of(new JudgePanel.Model.Local(model, Weights.F32), prompt.toString());
    return ModelJudge.Tournament.of(panel.withSeed(seed), CandidateOrders.GIVEN);
  }

  private static EvaluationRunFile evaluation(JudgeSection judge, @Nullable RewardRule reward) {
    SequencedMap<String, JudgeSection> judges = new LinkedHashMap<>();
    judges.put("mine", judge);
    return EvaluationRunFile.of("pairs", judges, reward, List.of("data"));
  }
}
