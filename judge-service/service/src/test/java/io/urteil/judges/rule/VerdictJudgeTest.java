package io.urteil.judges.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.prompt.VerdictFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictJudgeTest {

  private final VerdictJudge judge = new VerdictJudge(VerdictFormat.THINK_ANSWER_SCORES);

  @Test
  void shouldScoreWhenThePolicyWroteAVerdict() {
    // Given
    Rollout rollout = rollout("<think>A=3</think><answer>3,8</answer>");

    // When
    Finding finding = judge.judge(rollout);

    // Then
    Verdict verdict = Verdict.newBuilder().setScores(List.of(3.0, 8.0)).setPreference("B").build();
    assertThat(finding).isEqualTo(new Finding.Scored(verdict, null));
  }

  @Test
  void shouldKeepTheTextWhenTheVerdictCannotBeRead() {
    // Given
    Rollout rollout = rollout("<think>A=3</think><answer>B</answer>");

    // When
    Finding finding = judge.judge(rollout);

    // Then
    assertThat(finding)
        .isEqualTo(new Finding.Unparseable("<think>A=3</think><answer>B</answer>", "structure"));
  }

  @Test
  void shouldReadTheLastPolicySegmentWhenThereAreSeveral() {
    // Given
    Rollout once = rollout("<think>A=3</think><answer>3,8</answer>");
    Segment tool = Segment.newBuilder().setRole("tool").setText("935").build();
    Segment second =
        Segment.newBuilder()
            .setRole("assistant")
            .setText("<think>935</think><answer>9,1</answer>")
            .build();
    List<Segment> segments =
        List.of(once.getSegments().get(0), once.getSegments().get(1), tool, second);
    Rollout rollout = Rollout.newBuilder(once).setSegments(segments).build();

    // When
    Finding finding = judge.judge(rollout);

    // Then
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Scored.class,
            scored -> assertThat(scored.verdict().getPreference()).isEqualTo("A"));
  }

  @Test
  void shouldReadTheFormatOfTheArm() {
    // Given
    VerdictJudge both =
        new VerdictJudge(VerdictFormat.J1_SCORES, Map.of("chosen", VerdictFormat.J1_SCORE));
    String single = "m</think> <score> 7.5 </score>";
    String pair = "m</think> <score_A> 7 </score_A> <score_B> 3 </score_B>";

    // Then
    assertThat(scores(both, "AB", pair)).containsExactly(7.0, 3.0);
    assertThat(scores(both, "chosen", single)).containsExactly(7.5);
    assertThat(scores(both, "chosen", pair)).isEmpty();
    assertThat(scores(both, "AB", single)).isEmpty();
    assertThat(both.version()).isEqualTo("j1-scores chosen=j1-score/1");
  }

  /** Scores of this text in this arm; none when it cannot be read. */
  private static List<Double> scores(VerdictJudge judge, String arm, String text) {
    Rollout rollout = TestEvents.rollout(TestEvents.prompt(0).build(), arm, 0, text).build();
    return judge.judge(rollout) instanceof Finding.Scored scored
        ? scored.verdict().getScores()
        : List.of();
  }

  @Test
  void shouldAbstainWhenThePolicyWroteNothing() {
    // Given
    Rollout once = rollout("x");
    Rollout rollout =
        Rollout.newBuilder(once).setSegments(List.of(once.getSegments().getFirst())).build();

    // When
    Finding finding = judge.judge(rollout);

    // Then
    assertThat(finding).isInstanceOf(Finding.Abstained.class);
  }

  private static Rollout rollout(String text) {
    return TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, text).build();
  }
}
