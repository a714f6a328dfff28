package io.urteil.reward;

import static io.urteil.reward.TestRewards.label;
import static io.urteil.reward.TestRewards.member;
import static io.urteil.reward.TestRewards.rule;
import static io.urteil.reward.TestRewards.scores;
import static io.urteil.reward.TestRewards.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of {@code ops/python/golden/rewards.py}. */
class GoldenRewardsTest {

  private static final String JUDGELRM =
      "{ rule: judgelrm, dialect: %s, unparseable: -3.0, badScores: -2.5 }";

  @Test
  void shouldPayAsJudgeLrmsPaperDoes() {
    RewardRule rule = rule(JUDGELRM.formatted("paper"));
    for (JsonNode row : table("judgelrm", 320)) {
      double expected = row.path("paper").isNull() ? -2.5 : row.path("paper").asDouble();
      assertThat(judgelrm(rule, row)).as("%s", row).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void shouldPayAsJudgeLrmsCodeDoes() {
    RewardRule rule = rule(JUDGELRM.formatted("code"));
    for (JsonNode row : table("judgelrm", 320)) {
      assertThat(judgelrm(rule, row))
          .as("%s", row)
          .isCloseTo(row.path("code").asDouble(), within(1e-12));
    }
  }

  private static double judgelrm(RewardRule rule, JsonNode row) {
    JsonNode gold = row.path("reference");
    return value(
        rule.rewards(
                List.of(
                    member(
                        "AB",
                        0,
                        gold.path(0).asInt() + "," + gold.path(1).asInt(),
                        scores(
                            "outcome",
                            row.path("scores").path(0).asDouble(),
                            row.path("scores").path(1).asDouble()))))
            .getFirst());
  }

  @Test
  void shouldPayAsThinkJDoesForStrengths() {
    RewardRule rule = rule("{ rule: think-j, variant: strength, unparseable: 0 }");
    for (JsonNode row : table("think-j-strength", 60)) {
      double strength = row.path("strength").asDouble();
      boolean prefersFirst = row.path("side").asText().equals("A");
      Verdict verdict =
          Verdict.newBuilder()
              .setPreference(row.path("side").asText())
              .setScores(prefersFirst ? List.of(strength, 0.0) : List.of(0.0, strength))
              .build();
      RewardResult payment =
          rule.rewards(
                  List.of(
                      member(
                          "AB",
                          0,
                          row.path("reference").asText(),
                          TestRewards.found("outcome", verdict))))
              .getFirst();
      assertThat(value(payment))
          .as("%s", row)
          .isCloseTo(row.path("reward").asDouble(), within(1e-12));
    }
  }

  @Test
  void shouldPayAsThinkJDoesForScores() {
    RewardRule rule = rule("{ rule: think-j, variant: score, unparseable: 0 }");
    for (JsonNode row : table("think-j-score", 10)) {
      RewardResult payment =
          rule.rewards(
                  List.of(
                      member(
                          "AB",
                          0,
                          row.path("reference").asText(),
                          scores(
                              "outcome",
                              row.path("scores").path(0).asDouble(),
                              row.path("scores").path(1).asDouble()))))
              .getFirst();
      assertThat(value(payment))
          .as("%s", row)
          .isCloseTo(row.path("reward").asDouble(), within(1e-12));
    }
  }

  @Test
  void shouldPunishLongTextsAsDapoDoes() {
    for (JsonNode row : table("overlong", 16)) {
      RewardRule rule =
          rule(
              "{ rule: scalar, overlong: { maxTokens: 100, buffer: 20, factor: "
                  + row.path("factor").asDouble()
                  + " } }");
      RewardResult.Scored payment =
          (RewardResult.Scored)
              rule.rewards(
                      List.of(
                          member(
                              "AB",
                              0,
                              null,
                              Map.of(),
                              row.path("tokens").asInt(),
                              scores("outcome", 0.75))))
                  .getFirst();
      double penalty = row.path("reward").asDouble();
      assertThat(payment.parts().get("overlong")).as("%s", row).isCloseTo(penalty, within(1e-12));
      assertThat(payment.value()).isCloseTo(0.75 + penalty, within(1e-12));
    }
  }

  @Test
  void shouldShapeTheSecondAttemptAsScoreDoes() {
    for (JsonNode row : table("score-shaping", 8)) {
      RewardRule rule =
          rule(
              "{ rule: score-shaping, unparseable: 0, alpha: "
                  + row.path("alpha").asDouble()
                  + " }");
      List<RewardResult> payments =
          rule.rewards(
              List.of(
                  member("turn1", 0, null, label("outcome", verdict(row.path("first")))),
                  member("turn2", 0, null, label("outcome", verdict(row.path("second"))))));
      assertThat(payments)
          .extracting(TestRewards::value)
          .as("%s", row)
          .containsExactly(
              row.path("rewards").path(0).asDouble(), row.path("rewards").path(1).asDouble());
    }
  }

  private static String verdict(JsonNode reward) {
    return reward.asInt() == 1 ? "right" : "wrong";
  }

  @Test
  void shouldPayVerificationsByHowRareTheirSolutionsAre() {
    RewardRule rule = rule("{ rule: self-verify, unparseable: 0 }");
    for (JsonNode row : table("self-verify", 4)) {
      int right = row.path("right").asInt();
      int wrong = row.path("wrong").asInt();
      Map<String, String> columns =
          Map.of("solutionsRight", "" + right, "solutionsWrong", "" + wrong);
      List<RewardResult> payments =
          rule.rewards(
              List.of(
                  member("only", 0, "yes", columns, 10, label("outcome", "yes")),
                  member("only", 1, "no", columns, 10, label("outcome", "No")),
                  member("only", 2, "no", columns, 10, label("outcome", "yes")),
                  member("only", 3, null, label("outcome", "right"))));
      double ofRight = row.path("rewards").path(0).asDouble();
      double ofWrong = row.path("rewards").path(1).asDouble();
      assertThat(payments)
          .extracting(TestRewards::value)
          .as("%s", row)
          .containsExactly(ofRight, ofWrong, 0.0, 1.0);
      assertThat((right * ofRight + wrong * ofWrong) / (right + wrong)).isCloseTo(1, within(1e-12));
    }
  }

  private static JsonNode table(String rule, int rows) {
    try {
      JsonNode tables =
          new ObjectMapper()
              .readTree(GoldenRewardsTest.class.getResourceAsStream("/golden/rewards.json"));
      for (JsonNode table : tables) {
        if (table.path("rule").asText().equals(rule)) {
          assertThat(table.path("rows")).hasSize(rows);
          return table.path("rows");
        }
      }
      throw new AssertionError("no table of " + rule);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
