package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.order.CandidateOrders;
import io.urteil.run.BatchSection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import io.urteil.run.reward.RewardPart;
import io.urteil.run.reward.RewardSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationRunFileTest {

  private static final JudgeSection ANSWER = new RuleJudge.Answer(RuleJudge.Compare.NUMBER);

  @Test
  void shouldTakeTheRewardThatPricesTheJudge() {
    // Given
    RewardSection reward = new RewardSection("plus-minus-one", "mine", Map.of("unparseable", -1.0));

    // When
    RunFile run = evaluation(ANSWER, reward).run("evaluation-1");

    // Then
    assertThat(run.run()).isEqualTo("evaluation-1");
    assertThat(run.reward().rule()).isEqualTo("plus-minus-one");
    assertThat(run.reward().price("right")).isEqualTo(1.0);
    assertThat(run.batch().kind()).isEqualTo(BatchSection.Kind.NONE);
    assertThat(RunFileReader.read("evaluation", run.text())).isEqualTo(run);
  }

  @Test
  void shouldPayRightAnswersWhereTheRewardNeedsAnotherJudgeOrTwoArms() {
    RewardSection other = new RewardSection("correct", "other", Map.of("unparseable", -1.0));
    RewardSection paired = new RewardSection("j1-consistency", "mine", Map.of("unparseable", 0.0));
    SequencedMap<String, RewardPart> parts = new LinkedHashMap<>();
    parts.put("all", new RewardPart(1, List.of("AB"), other));
    RewardSection byArm = new RewardSection("by-arm", "other", Map.of(), Map.of(), parts, null);

    for (RewardSection reward : List.of(other, paired, byArm)) {
      RewardSection taken = evaluation(ANSWER, reward).run("x").reward();
      assertThat(taken.rule()).isEqualTo("correct");
      assertThat(taken.judge()).isEqualTo("mine");
      assertThat(taken.price("unparseable")).isZero();
    }
  }

  @Test
  void shouldBeNamedByWhatDecidesAJudgementAndNothingElse(@TempDir Path directory)
      throws IOException {
    // Given
    Path prompt = Files.writeString(directory.resolve("mine.yaml"), "first");
    JudgeSection asked = asked(directory, prompt, 0);
    String before = evaluation(asked, null).evaluation();
    String paid = evaluation(asked, new RewardSection("scalar", "mine", Map.of())).evaluation();
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

  private static EvaluationRunFile evaluation(JudgeSection judge, @Nullable RewardSection reward) {
    SequencedMap<String, JudgeSection> judges = new LinkedHashMap<>();
    judges.put("mine", judge);
    return EvaluationRunFile.of("pairs", judges, reward, List.of("data"));
  }
}
