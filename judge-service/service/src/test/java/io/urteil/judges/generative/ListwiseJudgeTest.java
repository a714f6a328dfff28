package io.urteil.judges.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.judge.api.Finding;
import io.urteil.run.judge.ModelJudge;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ListwiseJudgeTest {

  /** Scores a candidate by its length, and whoever is shown first by 0.1 more. */
  private final ScriptedModel biased =
      new ScriptedModel(
          (shown, sample) -> {
            StringBuilder json = new StringBuilder("{\"scores\": [");
            for (int place = 0; place < shown.size(); place++) {
              json.append(place == 0 ? "" : ", ")
                  .append(
                      String.format(
                          Locale.ROOT,
                          "{\"trajectory_id\": \"%d\", \"score\": %.2f}",
                          place + 1,
                          shown.get(place).length() / 10.0 + (place == 0 ? 0.1 : 0)));
            }
            return json.append("]}").toString();
          });

  @Test
  void shouldGiveEachMemberItsMeanScoreWhateverPlaceItWasShownAt() throws Exception {
    // When
    List<Finding> findings = judge("orders: both").judge(JudgeFixtures.group("aa", "aaaa", "a"));

    // Then
    assertThat(scores(findings).get(0)).isEqualTo(0.2 + 0.05, within(1e-9));
    assertThat(scores(findings).get(1)).isEqualTo(0.4, within(1e-9));
    assertThat(scores(findings).get(2)).isEqualTo(0.1 + 0.05, within(1e-9));
    assertThat(((Finding.Scored) findings.get(1)).verdict().getLabel()).isEqualTo("1");
    assertThat(biased.requests()).hasSize(2);
    assertThat(findings.stream().mapToInt(f -> f.evidence().promptTokens()).sum()).isEqualTo(200);
  }

  @Test
  void shouldShowADrawnOrderThatRepeatsWhenAskedTo() throws Exception {
    // When
    List<Finding> findings =
        judge("orders: random, seed: 5").judge(JudgeFixtures.group("a", "b", "c", "d"));
    List<Finding> again =
        judge("orders: random, seed: 5").judge(JudgeFixtures.group("a", "b", "c", "d"));

    // Then
    assertThat(again).isEqualTo(findings);
    assertThat(biased.requests()).hasSize(2);
  }

  private ListwiseJudge judge(String settings) {
    ModelJudge.Listwise described =
        (ModelJudge.Listwise)
            JudgeFixtures.described("type: listwise, model: m, prompt: ruler, " + settings);
    return new ListwiseJudge(JudgeFixtures.panel(biased, "ruler"), described);
  }

  private static List<Double> scores(List<Finding> findings) {
    return findings.stream()
        .map(finding -> ((Finding.Scored) finding).verdict().getScores().getFirst())
        .toList();
  }
}
