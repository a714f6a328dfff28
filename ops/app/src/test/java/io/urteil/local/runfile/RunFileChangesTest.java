package io.urteil.local.runfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Model;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RunFileChangesTest {

  private static final Path OTHER = Path.of("/models/other");

  private static final RunFile RUN =
      RunFileReader.read(
          "run",
          """
          run: changed
          policy: { model: models/judge }
          data: { prompts: data/pairs.jsonl, judgePrompt: j1-verdict }
          group: { arms: [AB], samplesPerArm: 2 }
          judges:
            verdict: { type: verdict, format: j1-verdict }
            panel:
              type: generative
              prompt: yes-no
              panel:
                here: { model: models/judge, weights: int8 }
                there: { server: { url: "http://127.0.0.1:1/v1", model: large } }
            beside: { type: scalar, model: models/reward, shadow: { share: 0.5 } }
          reward: { rule: correct, judge: verdict, unparseable: 0.0 }
          batch: { kind: grpo, groups: 2 }
          train: { objective: grpo, steps: 200, learningRate: 1.0e-6 }
          """);

  private static final RunFile RULES =
      RunFileReader.read(
          "rules",
          """
          run: rules
          judges: { answer: { type: answer } }
          reward: { rule: correct, unparseable: 0.0 }
          batch: { kind: none }
          """);

  @Test
  void shouldReplaceThePolicyAndTheModelsInThisProcessAlone() {
    // When
    RunFile changed = RunFileChanges.withModel(RUN, OTHER);

    // Then
    assertThat(changed.policy()).isEqualTo(new PolicySection(OTHER));
    List<Model> panel = models(changed, "panel");
    List<Model> before = models(RUN, "panel");
    assertThat(panel.get(0))
        .isEqualTo(new Model.Local(OTHER, ((Model.Local) before.get(0)).weights()));
    assertThat(panel.get(1)).isEqualTo(before.get(1));
    assertThat(Objects.requireNonNull(changed.shadows().get("beside")).judge())
        .isEqualTo(ModelJudge.Scalar.of(OTHER));
    assertThat(changed.judges().get("verdict")).isEqualTo(RUN.judges().get("verdict"));
    assertThat(RunFileReader.read("again", changed.text())).isEqualTo(changed);
  }

  @Test
  void shouldReplaceThePromptOfJudgesOfItsKindAndThePrecisionOfAll() {
    // When
    RunFile changed =
        RunFileChanges.withWeights(RunFileChanges.withPrompt(RUN, "json-score"), Weights.INT8);

    // Then
    assertThat(
            ((ModelJudge.Generative) Objects.requireNonNull(changed.judges().get("panel")))
                .panel()
                .members()
                .values())
        .extracting(JudgePanel.Member::prompt)
        .containsExactly("json-score", "json-score");
    assertThat(models(changed, "panel")).containsExactlyElementsOf(models(RUN, "panel"));
    assertThat(
            ((ModelJudge.Scalar) Objects.requireNonNull(changed.shadows().get("beside")).judge())
                .models())
        .containsExactly(new Model.Local(Path.of("models/reward"), Weights.INT8));
    assertThatThrownBy(() -> RunFileChanges.withPrompt(RUN, "ruler"))
        .hasMessage(
            "--prompt: 'ruler' (expected: a prompt for a judge of run file 'changed'; none of them is listwise)");
    assertThatThrownBy(() -> RunFileChanges.withWeights(RULES, Weights.INT8))
        .hasMessage(
            "--weights: int8 (expected: a run file with a judge that has a model in the judge's process; 'rules' has none)");
  }

  @Test
  void shouldReplaceDataAndSteps() {
    // When
    RunFile changed =
        RunFileChanges.withSteps(RunFileChanges.withData(RUN, Path.of("mine.jsonl")), 3);

    // Then
    assertThat(Objects.requireNonNull(changed.data()).prompts()).isEqualTo(Path.of("mine.jsonl"));
    assertThat(Objects.requireNonNull(changed.train()).steps()).isEqualTo(3);
  }

  @Test
  void shouldRejectWhatTheFileHasNoPlaceFor() {
    assertThatThrownBy(() -> RunFileChanges.withModel(RULES, OTHER))
        .hasMessage(
            "--model: /models/other (expected: a run file with a policy, or with a judge that names"
                + " a model directory; 'rules' has neither)");
    assertThatThrownBy(() -> RunFileChanges.withData(RULES, Path.of("mine.jsonl")))
        .hasMessage(
            "--data: mine.jsonl (expected: a run file with the section data; 'rules' has none)");
    assertThatThrownBy(() -> RunFileChanges.withHeldOut(RUN, Path.of("mine.jsonl")))
        .hasMessage(
            "--held-out: mine.jsonl (expected: a run file with the section evaluate; 'changed' has"
                + " none)");
    assertThatThrownBy(() -> RunFileChanges.withSteps(RULES, 2))
        .hasMessage("--steps: 2 (expected: at least 1, for a run file with the section train)");
    assertThatThrownBy(() -> RunFileChanges.withSteps(RUN, 0))
        .hasMessage("--steps: 0 (expected: at least 1, for a run file with the section train)");
  }

  private static List<Model> models(RunFile run, String judge) {
    return ((ModelJudge) Objects.requireNonNull(run.judges().get(judge))).models();
  }
}
