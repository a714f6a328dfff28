package io.urteil.worker;

import static io.urteil.worker.WorkerFixture.GOOD;
import static io.urteil.worker.WorkerFixture.PATIENCE;
import static io.urteil.worker.WorkerFixture.RUN;
import static io.urteil.worker.WorkerFixture.read;
import static io.urteil.worker.WorkerFixture.rollouts;
import static io.urteil.worker.WorkerFixture.started;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rollouts that end the process of their worker, and workers that are stopped. */
class CrashedWorkerIT {

  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path directory;
  private static @Nullable EmbeddedKafka kafka;

  private final String tenant = "c" + TENANTS.incrementAndGet() + ".";
  private final Path data = directory.resolve(tenant);
  private final Namespace place = new Namespace(requireNonNull(kafka).bootstrap(), tenant, data);

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    requireNonNull(kafka).close();
  }

  /**
   * Two rollouts end the process: index 0 of both arms. Each end is caused by one of them, and each
   * causes at most
   *
   * <ul>
   *   <li>HALT three: beside others, beside others in a round, and alone; with the last start
   *       seven. At least, both are beside others at the same end, and then alone: four starts.
   *   <li>EXIT one, since the shutdown names it; with the last start three. At least, both exit at
   *       the same time: two starts.
   * </ul>
   */
  @ParameterizedTest
  @CsvSource({"HALT, '1', 5", "EXIT, '0', 5"})
  void shouldNameTheRolloutThatEndsTheProcessAndJudgeItsNeighbours(
      FatalWorker.Ending ending, String fatalOrdinals, int groups) throws Exception {
    // Given
    List<Rollout> all = rollouts(4 * groups, GOOD);
    List<Long> ordinals =
        java.util.Arrays.stream(fatalOrdinals.split(",")).map(Long::valueOf).toList();
    List<String> fatal =
        all.stream()
            .filter(one -> ordinals.contains(one.getOrdinal()) && one.getIndex() == 0)
            .map(CrashedWorkerIT::id)
            .toList();
    WorkerFixture.publish(place, RUN, all);

    // When
    int starts = 0;
    while (judged().size() < all.size()) {
      assertThat(++starts)
          .as("starts of the worker")
          .isLessThanOrEqualTo(ending == FatalWorker.Ending.EXIT ? 3 : 7);
      try (JavaProcess worker =
          JavaProcess.start(
              FatalWorker.class,
              List.of("-Xmx256m"),
              Map.of(),
              List.of(
                  place.bootstrap(),
                  place.prefix(),
                  data.toString(),
                  ending.toString(),
                  fatalOrdinals))) {
        await().atMost(PATIENCE).until(() -> !worker.isAlive() || judged().size() == all.size());
      }
    }

    // Then
    assertThat(starts).isGreaterThanOrEqualTo(ending == FatalWorker.Ending.EXIT ? 2 : 4);
    List<Judgement> judgements = read(place, Topic.JUDGEMENTS, Judgement.class);
    assertThat(judgements)
        .filteredOn(one -> one.getStatus() == JudgementStatus.FAILED)
        .extracting(CrashedWorkerIT::id)
        .containsOnly(fatal.toArray(String[]::new));
    assertThat(judgements)
        .filteredOn(one -> !fatal.contains(id(one)))
        .allSatisfy(one -> assertThat(one.getStatus()).isEqualTo(JudgementStatus.SCORED));
    assertThat(read(place, Topic.DEAD_LETTERS, DeadLetter.class))
        .isNotEmpty()
        .allSatisfy(
            letter -> {
              assertThat(letter.getCause()).isEqualTo(DeadLetters.ENDED_WORKER);
              assertThat(letter.getMessage())
                  .isEqualTo(
                      switch (ending) {
                        case EXIT ->
                            "judge 'arithmetic-judge/outcome' ended the worker's process by System.exit";
                        case HALT ->
                            "the worker's process ended while judge 'arithmetic-judge/outcome' judged this record alone";
                      });
            });
  }

  @Test
  void shouldLeaveNoTraceOfACrashWhenAWorkerIsStopped() throws Exception {
    // Given
    List<Rollout> one = rollouts(1, GOOD).subList(0, 1);
    WorkerFixture.publish(place, RUN, one);
    for (int stop = 0; stop < 2; stop++) {
      CountDownLatch begun = new CountDownLatch(1);
      PointwiseJudge slow =
          judge(
              () -> {
                begun.countDown();
                Thread.sleep(60_000);
              });
      try (ServiceComponent worker =
          started(JudgeWorker.withJudge(place, FatalWorker.settings(), slow))) {
        assertThat(begun.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
      }
    }

    // When
    try (ServiceComponent worker =
        started(JudgeWorker.withJudge(place, FatalWorker.settings(), judge(() -> {})))) {
      WorkerFixture.awaitJudgements(place, 1);
      assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
    }

    // Then
    assertThat(read(place, Topic.JUDGEMENTS, Judgement.class))
        .singleElement()
        .extracting(Judgement::getStatus)
        .isEqualTo(JudgementStatus.ABSTAINED);
    assertThat(data.resolve("judge-worker")).isEmptyDirectory();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static PointwiseJudge judge(Work work) {
    return new PointwiseJudge() {
      @Override
      public String version() {
        return "test/1";
      }

      @Override
      public Finding judge(Rollout rollout) throws Exception {
        work.run();
        return new Finding.Abstained("seen");
      }
    };
  }

  private List<String> judged() {
    return read(place, Topic.JUDGEMENTS, Judgement.class).stream()
        .map(CrashedWorkerIT::id)
        .distinct()
        .toList();
  }

  private static String id(Judgement one) {
    return "%s/%s/%d".formatted(one.getGroupId(), one.getArm(), one.getIndex());
  }

  private static String id(Rollout one) {
    return "%s/%s/%d".formatted(one.getGroupId(), one.getArm(), one.getIndex());
  }
}
