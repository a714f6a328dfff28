package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.event.RecordPosition;
import io.urteil.trainer.StepReport.Outcome;
import io.urteil.trainer.StepReport.Phases;
import io.urteil.trainer.policy.StepStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainerMetricsTest {

  private static final StepStatistics STATISTICS =
      new StepStatistics(
          StepStatistics.WeightChange.UPDATED,
          0.25,
          0.01,
          0.125,
          OptionalDouble.of(0.5),
          1.5,
          3e-5,
          300,
          2);

  private static final RecordPosition AT = new RecordPosition("batches", 0, 0);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final TrainerMetrics metrics = new TrainerMetrics(registry, "r");

  @Test
  void shouldShowTheLastStepAndCountAll() {
    // Given
    StepReport report =
        report(
            new Outcome.Trained(
                STATISTICS, List.of(OptionalLong.of(4), OptionalLong.of(2), OptionalLong.empty())));

    // When
    metrics.published(report, 5);

    // Then
    assertThat(phase("wait")).isEqualTo(1_000);
    assertThat(phase("read")).isEqualTo(20);
    assertThat(phase("train")).isEqualTo(300);
    assertThat(
            registry
                .get("urteil.trainer.checkpoint.write")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(40);
    assertThat(gauge("loss")).isEqualTo(0.25);
    assertThat(gauge("kl")).isEqualTo(0.01);
    assertThat(gauge("gradient.norm")).isEqualTo(1.5);
    assertThat(gauge("clip.fraction")).isEqualTo(0.125);
    assertThat(gauge("learning.rate")).isEqualTo(3e-5);
    assertThat(gauge("policy.version")).isEqualTo(5);
    assertThat(registry.get("urteil.trainer.tokens").counter().count()).isEqualTo(300);
    assertThat(batches("trained")).isEqualTo(1);
    var lag = registry.get("urteil.trainer.policy.lag.versions").summary();
    assertThat(lag.count()).isEqualTo(2);
    assertThat(lag.totalAmount()).isEqualTo(2);
  }

  @Test
  void shouldLeaveTheFiguresOfTheLastTrainedBatchWhenOneIsSkipped() {
    // Given
    metrics.published(report(new Outcome.Trained(STATISTICS, List.of())), 1);

    // When
    metrics.published(report(new Outcome.Skipped("loss NaN")), 2);

    // Then
    assertThat(gauge("loss")).isEqualTo(0.25);
    assertThat(gauge("policy.version")).isEqualTo(2);
    assertThat(batches("skipped")).isEqualTo(1);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static StepReport report(Outcome outcome) {
    return new StepReport(
        new TrainingBatch("r/0", 0, List.of(), AT, AT), outcome, new Phases(1_000, 20, 300, 40));
  }

  private double phase(String phase) {
    return registry
        .get("urteil.trainer.step")
        .tag("phase", phase)
        .timer()
        .totalTime(TimeUnit.MILLISECONDS);
  }

  private double batches(String outcome) {
    return registry.get("urteil.trainer.batches").tag("outcome", outcome).counter().count();
  }

  private double gauge(String name) {
    return registry.get("urteil.trainer." + name).tag("run", "r").gauge().value();
  }
}
