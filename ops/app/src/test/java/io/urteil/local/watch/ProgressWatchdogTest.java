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
  private final ProgressWatchdog standstill =
      new ProgressWatchdog(
          Duration.ofSeconds(60),
          () -> List.of(new TopicEnd("rollouts", 1040, 1040), new TopicEnd("batches", 12, 9)));

  @Test
  void shouldSayHowFarEachTopicHasComeWhenNothingHappensForAMinute() {
    // Given
    look(0);

    // When
    Optional<String> before = look(59);
    Optional<String> first = look(60);
    Optional<String> soonAfter = look(100);
    Optional<String> second = look(121);

    // Then
    assertThat(before).isEmpty();
    assertThat(first)
        .contains(
            "nothing closed or trained for 60 s; offsets on the log: rollouts 1,040, batches 9 (3"
                + " more in an open transaction)");
    assertThat(soonAfter).isEmpty();
    assertThat(second).isPresent();
  }

  @Test
  void shouldBeginAnewWhenAGroupCloses() {
    // Given
    look(0);

    // When
    figures.on(closed());
    Optional<String> atOnce = look(61);
    Optional<String> later = look(120);
    Optional<String> anew = look(121);

    // Then
    assertThat(atOnce).isEmpty();
    assertThat(later).isEmpty();
    assertThat(anew).isPresent();
  }

  @Test
  void shouldSaySoWhenTheLogDoesNotAnswer() {
    // Given
    ProgressWatchdog unanswered =
        new ProgressWatchdog(
            Duration.ofSeconds(60),
            () -> {
              throw new TimeoutException("no metadata");
            });
    unanswered.look(figures, 0);

    // When
    Optional<String> said = unanswered.look(figures, Duration.ofSeconds(60).toNanos());

    // Then
    assertThat(said)
        .contains("nothing closed or trained for 60 s; the log does not answer: no metadata");
  }

  private Optional<String> look(long second) {
    return standstill.look(figures, Duration.ofSeconds(second).toNanos());
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
