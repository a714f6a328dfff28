package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.batch.NoBatches;
import io.urteil.event.TestEvents;
import io.urteil.run.CheckpointSection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.SftObjective;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

  private static final RunFile RUN = RunFileReader.read("test", TestEvents.RUN_FILE);

  @Test
  void shouldTakeEverySettingOfTheObjectiveFromTheRunFile() {
    // Given
    RunFile run =
        RunFileReader.read(
            "test",
            """
            run: arithmetic-judge
            policy: { model: models/seed-judge }
            sampling: { temperature: 0.7, maxTokens: 58 }
            judges: { outcome: { type: verdict, format: judgelrm-scores } }
            reward: { rule: correct, unparseable: -0.5 }
            train:
              steps: 4
              learningRate: 3.0e-5
              clip: [0.2, 0.28]
              normalise: constant
              kl: 0.02
              importance: none
            """);

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
    RunFile run = RUN.edit().train(train -> train.withObjective("sft")).build();

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
            RUN.edit()
                .train(train -> train.withSteps(8))
                .checkpoint(new CheckpointSection(3, 2))
                .build());

    // When
    String full = LongStream.rangeClosed(0, 8).filter(plan::isFull).boxed().toList().toString();

    // Then
    assertThat(full).isEqualTo("[0, 3, 6, 8]");
  }

  @Test
  void shouldRefuseARunThatHasNothingToTrain() {
    RunFile run = RUN.edit().batch(batch -> batch.withKind(new NoBatches())).build();

    assertThatThrownBy(() -> TrainingPlan.of(run))
        .hasMessage(
            "batch.kind: none (expected: grpo or demonstration for objective grpo) in run"
                + " 'arithmetic-judge'");
  }
}
