package io.urteil.local.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Purpose;
import io.urteil.local.watch.ProgressWatchdog.TopicEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ProgressWatchdogTest {

  static {
    EventCodec.trustEvents();
  }

  private final RunStatistics figures = new RunStatistics("run", 3);
  private final ProgressWatchdog watchdog =
      new ProgressWatchdog(
          Duration.ofSeconds(60),
          () -> List.of(new TopicEnd("rollouts", 1040, 1040), new TopicEnd("batches", 12, 9)));

  @Test
  void shouldReportTopicOffsetsAfterAMinuteWithoutProgress() {
    // Given
    check(0);

    // When
    Optional<String> before = check(59);
    Optional<String> first = check(60);
    Optional<String> soonAfter = check(100);
    Optional<String> second = check(121);

    // Then
    assertThat(before).isEmpty();
    assertThat(first)
        .contains(
            "no progress for 60 s; topic offsets: rollouts 1,040, batches 9 (3"
                + " more in an open transaction)");
    assertThat(soonAfter).isEmpty();
    assertThat(second).isPresent();
  }

  @Test
  void shouldBeginAnewWhenAGroupCloses() {
    // Given
    check(0);

    // When
    figures.on(closed());
    Optional<String> atOnce = check(61);
    Optional<String> later = check(120);
    Optional<String> anew = check(121);

    // Then
    assertThat(atOnce).isEmpty();
    assertThat(later).isEmpty();
    assertThat(anew).isPresent();
  }

  @Test
  void shouldReportAnUnreachableBroker() {
    // Given
    ProgressWatchdog unreachable =
        new ProgressWatchdog(
            Duration.ofSeconds(60),
            () -> {
              throw new TimeoutException("no metadata");
            });
    unreachable.check(figures, 0);

    // When
    Optional<String> report = unreachable.check(figures, Duration.ofSeconds(60).toNanos());

    // Then
    assertThat(report).contains("no progress for 60 s; broker unreachable: no metadata");
  }

  private Optional<String> check(long second) {
    return watchdog.check(figures, Duration.ofSeconds(second).toNanos());
  }

  private static GroupOutcome closed() {
    Instant now = Instant.parse("2026-01-05T08:00:00Z");
    return GroupOutcome.newBuilder()
        .setRunId("run")
        .setGroupId("run/train/0")
        .setOrdinal(0)
        .setPurpose(Purpose.TRAIN)
        .setStatus(GroupStatus.COMPLETE)
        .setMembers(List.of())
        .setOpenedAt(now)
        .setExpected(0)
        .setCreatedAt(now)
        .build();
  }
}
