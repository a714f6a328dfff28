package io.urteil.worker;

import static io.urteil.worker.WorkerFixture.GOOD;
import static io.urteil.worker.WorkerFixture.PATIENCE;
import static io.urteil.worker.WorkerFixture.RUN;
import static io.urteil.worker.WorkerFixture.awaitJudgements;
import static io.urteil.worker.WorkerFixture.publish;
import static io.urteil.worker.WorkerFixture.rollouts;
import static io.urteil.worker.WorkerFixture.settings;
import static io.urteil.worker.WorkerFixture.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.Ports;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge worker without a broker. It has this JVM to itself, since it counts its threads. */
class JudgeWorkerOutageIT {

  @TempDir private Path directory;

  @Test
  void shouldWaitWithoutAConsumerWhileTheBrokerIsAwayAndGoOnWhenItIsBack() throws Exception {
    // Given
    int port = Ports.free();
    EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
    Namespace there = new Namespace(broker.bootstrap(), "away.", directory);
    try (ServiceComponent worker = started(new JudgeWorker(there, settings(), null))) {
      publish(there, RUN, rollouts(4, GOOD));
      awaitJudgements(there, 4);

      // When
      broker.close();

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(worker.health())
                    .isEqualTo(
                        new ServiceComponent.Health.Blocked(
                            "no broker responds at " + there.bootstrap()));
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("consumer_background_thread");
              });

      broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
      publish(there, RUN, rollouts(8, GOOD).subList(4, 8));
      awaitJudgements(there, 8);
      await()
          .atMost(PATIENCE)
          .until(() -> worker.health() instanceof ServiceComponent.Health.Running);
    } finally {
      broker.close();
    }
  }

  @Test
  void shouldBreakWithTheAddressWhenNoBrokerIsThere() {
    // Given
    Namespace nowhere = new Namespace("127.0.0.1:1", "t.", directory);

    // When
    try (ServiceComponent worker = started(new JudgeWorker(nowhere))) {

      // Then
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(worker.health())
                      .isInstanceOfSatisfying(
                          ServiceComponent.Health.Failed.class,
                          broken ->
                              assertThat(broken.cause()).hasMessageContaining("127.0.0.1:1")));
    }
  }
}
