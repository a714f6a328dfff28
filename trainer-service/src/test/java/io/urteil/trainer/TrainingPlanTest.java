package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.TestEvents;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.SftObjective;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

  @Test
  void shouldTakeEverySettingOfTheObjectiveFromTheRunFile() {
    // Given
    RunFile run =
        run(
            TestEvents.RUN_FILE.replace(
                    "learningRate: 3.0e-5",
                    "learningRate: 3.0e-5, clip: [0.2, 0.28], normalise: constant, kl: 0.02,"
                        + " importance: none")
                + "sampling: { temperature: 0.7, maxTokens: 58 }\n");

    // When
    TrainingPlan plan = TrainingPlan.of(run);

    // Then
    assertThat(plan.objective())
        .isEqualTo(
            new GrpoObjective(
                new Normalisation.PerConstant(58),
                0.2,
                0.28,
                0.02,
                0.7,
                ImportanceCorrection.NONE));
    assertThat(plan.learningRate().at(3)).isEqualTo(3e-5);
    assertThat(plan.steps()).isEqualTo(4);
  }

  @Test
  void shouldTakeTheObjectiveThatTheRunNames() {
    // Given
    RunFile run = run(TestEvents.RUN_FILE.replace("objective: grpo", "objective: sft"));

    // When
    TrainingPlan plan = TrainingPlan.of(run);

    // Then
    assertThat(plan.objective()).isEqualTo(new SftObjective());
  }

  @Test
  void shouldMakeEveryNthAndTheLastVersionFull() {
    // Given
    TrainingPlan plan =
        TrainingPlan.of(
            run(
                TestEvents.RUN_FILE.replace("steps: 4", "steps: 8")
                    + "checkpoint: { fullEvery: 3, keep: 2 }\n"));

    // When
    String full = LongStream.rangeClosed(0, 8).filter(plan::isFull).boxed().toList().toString();

    // Then
    assertThat(full).isEqualTo("[0, 3, 6, 8]");
  }

  @Test
  void shouldRefuseARunThatHasNothingToTrain() {
    RunFile run = run(TestEvents.RUN_FILE.replace("kind: grpo", "kind: none"));

    assertThatThrownBy(() -> TrainingPlan.of(run))
        .hasMessage(
            "batch.kind: NONE (expected: grpo or demonstration for objective grpo) in run"
                + " 'arithmetic-judge'");
  }

  private static RunFile run(String text) {
    return RunFileReader.read("test", text);
  }
}
