package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.batch.DemonstrationBatches;
import io.urteil.local.train.TrainingReport;
import io.urteil.local.train.TrainingSession;
import io.urteil.local.view.RunSnapshot;
import io.urteil.run.RunFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs without held-out prompts, from start to end in this process. */
class TrainingSessionIT {

  private final List<RunSnapshot> shown = new ArrayList<>();

  @Test
  void shouldEndAfterTheLastStepAndReportTheTimesOfDemonstrations(@TempDir Path directory)
      throws Exception {
    // Given
    RunFile run =
        ShortRun.of(directory)
            .edit()
            .batch(batch -> batch.withKind(new DemonstrationBatches(-1)))
            .train(train -> train.withObjective("sft"))
            .build();

    // When
    Optional<TrainingSession.Result> result = session(directory, run, false);

    // Then
    TrainingReport report = result.orElseThrow().report();
    assertThat(report.settings().steps()).isEqualTo(ShortRun.STEPS);
    assertThat(report.curve()).isEmpty();
    assertThat(report.heldOut().accuracyAfter()).isNull();
    assertThat(report.updates())
        .hasSize(ShortRun.STEPS)
        .allSatisfy(
            update -> {
              assertThat(update.rollouts()).isEqualTo(ShortRun.GROUPS * ShortRun.SAMPLES);
              assertThat(update.gradientNorm()).isPositive();
            });
    assertThat(report.speed().rolloutsPerSecond()).isPositive();
    assertThat(report.shares().sampling()).isPositive();
    assertThat(report.shares().training()).isLessThan(1);
    assertThat(report.checkpoint()).contains("version-000002");
    assertThat(result.orElseThrow().examples()).isEmpty();
    assertThat(shown).last().extracting(RunSnapshot::run).isEqualTo(ShortRun.NAME);
  }

  @Test
  void shouldReturnNothingWhenStopped(@TempDir Path directory) throws Exception {
    // When
    Optional<TrainingSession.Result> result = session(directory, ShortRun.of(directory), true);

    // Then
    assertThat(result).isEmpty();
  }

  private Optional<TrainingSession.Result> session(Path directory, RunFile run, boolean stopped) {
    return new TrainingSession(directory.resolve("data"), run)
        .run(line -> {}, shown::add, () -> stopped);
  }
}
