package io.urteil.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.RewardStatus;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plug-ins of a run file, as the topology uses them. */
class PluginsTest {

  private static final List<JudgedMember> GROUP = List.of(member(0), member(1));

  @Test
  void shouldComputeRewardsAdvantagesAndBatchesWithPlugins() {
    // Given
    RunFile run =
        run(
            """
            reward: { rule: test.constant, judge: second, settings: { value: 0.5 } }
            advantage: { plugin: test.raw, settings: { factor: 2 } }
            batch: { kind: test.all, event: demonstration }
            """);

    // When
    List<RewardResult> rewards = run.reward().rewards(GROUP);

    // Then
    run.requirePlugins();
    assertThat(rewards)
        .containsExactly(
            RewardResult.Scored.of("second", 0.5, null),
            RewardResult.Scored.of("second", 0.5, null));
    assertThat(run.advantage().advantages(0.5, 1)).containsExactly(1, 2);
    assertThat(run.batch().kind().noSignal(List.of(new double[] {-1}))).isEmpty();
    assertThat(RunFileReader.read("written", run.text())).isEqualTo(run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fails: throws  | out of order",
        "fails: short   | 0 results (expected: 2, one for each member)",
        "value: 1e400   | reward Infinity (expected: a finite number)",
        "value: high    | settings.value of reward rule 'test.constant': \"high\" (expected: a number)",
        "valu: 1        | settings.valu of reward rule 'test.constant': 1 (expected: no such key",
      })
  void shouldLeaveMembersWithoutARewardIfTheRuleFails(String setting, String reason) {
    // Given
    RunFile run = run("reward: { rule: test.constant, settings: { %s } }\n".formatted(setting));

    // When
    List<RewardResult> rewards = run.reward().rewards(GROUP);

    // Then
    assertThat(rewards)
        .hasSize(2)
        .allSatisfy(
            result ->
                assertThat(result)
                    .isInstanceOfSatisfying(
                        RewardResult.Unscored.class,
                        unscored -> {
                          assertThat(unscored.status()).isEqualTo(RewardStatus.UNPRICED);
                          assertThat(unscored.reason())
                              .startsWith("rule 'test.constant': ")
                              .contains(reason);
                        }));
  }

  @Test
  void shouldReadRunFilesOfMissingPluginsAndNameThem() {
    assertThat(missing("reward: { rule: acme.margin }"))
        .contains("plug-in 'acme.margin'", "RewardRuleProvider, which are: test.constant");
    assertThat(
            missing(
                "reward: { rule: weighted, overlong: { buffer: 1 }, parts: {"
                    + " a: { rule: acme.margin } } }"))
        .contains("plug-in 'acme.margin'");
    assertThat(missing(SCALAR + "advantage: { plugin: acme.ranked }"))
        .contains("plug-in 'acme.ranked'", "AdvantageProvider, which are: test.raw");
    assertThat(missing(SCALAR + "batch: { kind: acme.best }\n" + TRAINED))
        .contains("plug-in 'acme.best'", "BatchKindProvider, which are: test.all");
    assertThat(missing(SCALAR + "batch: { kind: test.all, event: grpo }\n" + TRAINED))
        .isEqualTo("batch.event: GRPO (expected: DEMONSTRATION, the event of 'test.all')");
  }

  @Test
  void shouldRejectAdvantagesOfAnotherNumberOrThatAreNotFinite() {
    RunFile short1 = run(SCALAR + "advantage: { plugin: test.raw, settings: { drops: true } }");
    RunFile infinite = run(SCALAR + "advantage: { plugin: test.raw, settings: { factor: 1e308 } }");

    assertThatThrownBy(() -> short1.advantage().advantages(1, 2))
        .hasMessage("advantage 'test.raw': 0 lists (expected: 1, one for each group and arm)");
    assertThatThrownBy(() -> infinite.advantage().advantages(1, 100))
        .hasMessage("advantage 'test.raw': [1.0E308, Infinity] (expected: finite numbers)");
  }

  private static final String SCALAR = "reward: { rule: scalar }\n";
  private static final String TRAINED =
      "policy: { model: m }\ntrain: { objective: sft, steps: 1, learningRate: 1e-4 }\n";

  private static String missing(String sections) {
    RunFile run = run(sections);
    assertThat(RunFileReader.read("written", run.text())).isEqualTo(run);
    try {
      run.requirePlugins();
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("no plug-in is missing (expected: one)");
  }

  private static RunFile run(String sections) {
    String batch = sections.contains("batch:") ? "" : "batch: { kind: none }\n";
    String trained =
        sections.contains("event: demonstration") && !sections.contains("train:") ? TRAINED : "";
    return RunFileReader.read(
        "plugins",
        "run: plugins\njudges: { first: { type: answer }, second: { type: answer } }\n"
            + sections.strip()
            + "\n"
            + batch
            + trained);
  }

  private static JudgedMember member(int index) {
    return new JudgedMember(
        "only", index, null, Map.of(), new JudgedMember.Length(1, false), Map.of());
  }
}
