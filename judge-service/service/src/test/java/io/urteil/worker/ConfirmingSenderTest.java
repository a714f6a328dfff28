package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.RolloutReference;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfirmingSenderTest {

  private final Judgement judgement =
      TestEvents.judgement(TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0).build())
          .build();
  private final DeadLetter letter =
      DeadLetters.of(
          "judge-worker",
          DeadLetters.NO_EVENT,
          "no schema",
          null,
          new ConsumerRecord<>(
              "rollouts", 0, 7, "key", "no event".getBytes(StandardCharsets.UTF_8)),
          Clock.fixed(TestEvents.START, java.time.ZoneOffset.UTC));

  @Test
  void shouldResendWhatIsNotAcknowledgedUntilItIs() throws InterruptedException {
    // Given
    Scripted broker = new Scripted(new TimeoutException("1"), new TimeoutException("2"));

    // When
    sender(broker, Duration.ofMillis(1)).send(List.of(judgement));

    // Then
    assertThat(broker.sent).containsExactly(judgement, judgement, judgement);
  }

  @Test
  void shouldPublishAJudgementToThePartitionOfItsRollout() throws InterruptedException {
    // Given
    Scripted broker = new Scripted(new TimeoutException("1"));
    Judgement elsewhere =
        Judgement.newBuilder(judgement)
            .setRollout(
                RolloutReference.newBuilder()
                    .setTopic("rollouts")
                    .setPartition(3)
                    .setOffset(7)
                    .setContentHash(judgement.getContentHash())
                    .build())
            .build();

    // When
    sender(broker, Duration.ofMillis(1)).send(List.of(elsewhere));

    // Then
    assertThat(broker.partitions).containsExactly(3, 3);
  }

  @Test
  void shouldNotResendWhatTheBrokerRefuses() {
    // Given
    Scripted broker = new Scripted(new TopicAuthorizationException("judgements"));

    // Then
    assertThatThrownBy(() -> sender(broker, Duration.ofMillis(1)).send(List.of(judgement)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("cannot publish to judgements, key ")
        .hasRootCauseInstanceOf(TopicAuthorizationException.class);
    assertThat(broker.sent).hasSize(1);
  }

  @Test
  void shouldLeaveOutTheValueOfARecordThatIsTooLargeForItsDeadLetter() throws InterruptedException {
    // Given
    Scripted broker = new Scripted(new RecordTooLargeException("9 MB"));

    // When
    sender(broker, Duration.ofMillis(1)).send(letter);

    // Then
    assertThat(broker.sent)
        .containsExactly(letter, DeadLetter.newBuilder(letter).setValue(null).build());
  }

  @Test
  void shouldStopResendingWhenInterrupted() {
    // Given
    Scripted broker = new Scripted(new TimeoutException("away"));
    Thread caller = Thread.currentThread();
    broker.afterSend =
        () ->
            Thread.ofVirtual()
                .start(
                    () -> {
                      while (caller.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                      }
                      caller.interrupt();
                    });

    // Then
    assertThatThrownBy(() -> sender(broker, Duration.ofMinutes(5)).send(List.of(judgement)))
        .isInstanceOf(InterruptedException.class);
    assertThat(broker.sent).hasSize(1);
  }

  private static ConfirmingSender sender(Scripted broker, Duration pause) {
    return new ConfirmingSender(broker, Topic.JUDGEMENTS, pause);
  }

  /** Refuses one record after the other with these errors, then takes all. */
  private static final class Scripted implements ConfirmingSender.Sender {
    private final List<SpecificRecord> sent = new ArrayList<>();
    private final List<@Nullable Integer> partitions = new ArrayList<>();
    private final Deque<RuntimeException> errors;
    private Runnable afterSend = () -> {};

    Scripted(RuntimeException... errors) {
      this.errors = new ArrayDeque<>(List.of(errors));
    }

    @Override
    public Future<RecordMetadata> send(
        Topic topic, @Nullable Integer partition, String key, SpecificRecord event) {
      partitions.add(partition);
      sent.add(event);
      afterSend.run();
      RuntimeException error = errors.poll();
      return error == null
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(error);
    }
  }
}
