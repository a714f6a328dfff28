package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class TransactionsTest {

  private static final ProducerRecord<String, byte[]> RECORD =
      new ProducerRecord<>("checkpoints", "run", new byte[] {1});

  @Test
  void shouldAbortAndRepeatATransactionThatFails() {
    // Given
    Scripted producer = new Scripted(new KafkaException("no leader"), new KafkaException("again"));

    // When
    run(producer);

    // Then
    assertThat(producer.aborts).isEqualTo(2);
    assertThat(producer.history()).containsExactly(RECORD);
  }

  @Test
  void shouldGiveUpAfterFiveTransactionsWithTheLastError() {
    // Given
    Scripted producer =
        new Scripted(
            new KafkaException("1"),
            new KafkaException("2"),
            new KafkaException("3"),
            new KafkaException("4"),
            new KafkaException("5"));

    // Then
    assertThatThrownBy(() -> run(producer)).isInstanceOf(KafkaException.class).hasMessage("5");
    assertThat(producer.aborts).isEqualTo(4);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldNotRepeatATransactionWhenTheProducerWasFencedOff() {
    // Given
    Scripted producer = new Scripted(new ProducerFencedException("another trainer"));

    // Then
    assertThatThrownBy(() -> run(producer)).isInstanceOf(ProducerFencedException.class);
    assertThat(producer.aborts).isZero();
  }

  @Test
  void shouldAskAgainWhetherATransactionIsCommittedWhenACommitTimesOut() {
    // Given
    Scripted producer = new Scripted(new TimeoutException("1"), new TimeoutException("2"));

    // When
    run(producer);

    // Then
    assertThat(producer.aborts).isZero();
    assertThat(producer.history()).containsExactly(RECORD);
  }

  @Test
  void shouldSayThatTheOutcomeIsUnknownWhenNoCommitIsAcknowledged() {
    // Given
    Scripted producer =
        new Scripted(
            new TimeoutException("1"),
            new TimeoutException("2"),
            new TimeoutException("3"),
            new TimeoutException("4"),
            new TimeoutException("5"));

    // Then
    assertThatThrownBy(() -> run(producer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("commit not acknowledged; the outcome is unknown")
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(producer.aborts).isZero();
  }

  private static void run(Scripted producer) {
    new Transactions(producer, "run").run(() -> producer.send(RECORD));
  }

  /** Its commits fail with one error after the other, and then succeed. */
  private static final class Scripted extends MockProducer<String, byte[]> {
    private final Deque<KafkaException> errors;
    private int aborts;

    Scripted(KafkaException... errors) {
      super(true, null, new StringSerializer(), new ByteArraySerializer());
      this.errors = new ArrayDeque<>(List.of(errors));
      initTransactions();
    }

    @Override
    public void commitTransaction() {
      KafkaException error = errors.poll();
      if (error != null) {
        throw error;
      }
      super.commitTransaction();
    }

    @Override
    public void abortTransaction() {
      aborts++;
      super.abortTransaction();
    }
  }
}
