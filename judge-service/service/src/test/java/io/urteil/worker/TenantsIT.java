package io.urteil.worker;

import static io.urteil.worker.WorkerFixture.GOOD;
import static io.urteil.worker.WorkerFixture.started;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventLog;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.ModelBacked;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the backlog of a tenant costs another tenant of the same run. */
class TenantsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int PLACES = 4;
  private static final int GROUP = 8;
  private static final int PARTITIONS = 4;
  private static final RunFile RUN =
      RunFileReader.read(
          "tenants",
          """
          run: tenants
          group: { arms: [AB, BA], deadline: 10m, onMissing: drop }
          judges: { quality: { type: generative, model: models/quality, prompt: j1-pointwise } }
          reward: { rule: scalar }
          """);

  @TempDir static Path directory;
  private static @Nullable EmbeddedKafka kafka;
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final Namespace place =
      new Namespace(
          requireNonNull(kafka).bootstrap(), "n" + PREFIXES.incrementAndGet() + ".", directory);
  private final SteppedJudge judge = new SteppedJudge();

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    requireNonNull(kafka).close();
  }

  @Test
  void shouldGiveATenantItsShareBesideTheBacklogOfAnother() throws Exception {
    // Given
    int backlog = 200;
    publish("flood", backlog, false);
    try (ServiceComponent worker = worker()) {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(judge.queued).hasValue(backlog));
      publish("calm", GROUP, false);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(judge.queued).hasValue(backlog + GROUP));

      // When
      while (judge.ended("calm") < GROUP) {
        judge.step();
      }

      // Then
      assertThat(judge.ended("flood")).isLessThanOrEqualTo(2 * GROUP);
      assertEverythingIsJudged(worker, backlog + GROUP);
    } finally {
      judge.finish();
    }
  }

  /** The worker takes further rollouts every few seconds; a step takes a tenth of one. */
  @Test
  void shouldFindATenantBehindTheBacklogOfAnotherInOnePartition() throws Exception {
    // Given
    int backlog = 1_500;
    publish("flood", backlog, true);
    try (ServiceComponent worker = worker()) {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(judge.queued).hasPositiveValue());
      publish("calm", GROUP, true);

      // When
      while (judge.ended("calm") < GROUP) {
        judge.step();
        Thread.sleep(STEP);
      }

      // Then
      assertThat(judge.ended("flood")).isLessThan(backlog / 5);
      assertEverythingIsJudged(worker, backlog + GROUP);
    } finally {
      judge.finish();
    }
  }

  private void assertEverythingIsJudged(ServiceComponent worker, int count) {
    judge.finish();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(WorkerFixture.read(place, Topic.JUDGEMENTS, Judgement.class))
                    .hasSize(count));
    assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
  }

  private ServiceComponent worker() {
    return started(new JudgeWorker(place, WorkerSettings.defaults(), description -> judge));
  }

  /**
   * Publishes rollouts of a tenant, in groups of their own.
   *
   * @param onePartition whether all are on the first partition
   */
  private void publish(String tenant, int count, boolean onePartition) throws Exception {
    List<Rollout> rollouts = new ArrayList<>();
    for (int number = 0; rollouts.size() < count; number++) {
      String group = "%s/g%d".formatted(tenant, number);
      if (!onePartition || EventLog.partitionOf(group, PARTITIONS) == 0) {
        rollouts.add(
            TestEvents.rollout(TestEvents.prompt(number).build(), "AB", 0, GOOD)
                .setRunId(RUN.run())
                .setGroupId(group)
                .setPurpose(Purpose.PROBE)
                .build());
      }
    }
    WorkerFixture.publish(place, RUN, rollouts);
  }

  /** A judge with a few places, whose calls end one by one when the test lets them. */
  private static final class SteppedJudge implements PointwiseJudge, ModelBacked {
    private final AtomicInteger queued = new AtomicInteger();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    // Fair: calls end in the order in which they began.
    private final Semaphore steps = new Semaphore(0, true);
    private final Semaphore finished = new Semaphore(0);
    private final Semaphore running = new Semaphore(0);
    private final ChatModel model = new Places();

    @Override
    public String version() {
      return "stepped/1";
    }

    @Override
    public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
      queued.incrementAndGet();
      return Map.of(model, 1);
    }

    @Override
    public Finding judge(Rollout rollout) throws InterruptedException {
      running.release();
      steps.acquire();
      ended.add(rollout.getGroupId());
      finished.release();
      return new Finding.Abstained("stepped");
    }

    /** Lets one call end, when all places are taken. */
    void step() throws InterruptedException {
      running.acquire(PLACES);
      running.release(PLACES - 1);
      steps.release();
      finished.acquire();
    }

    /** Lets all calls end. */
    void finish() {
      steps.release(1_000_000);
    }

    long ended(String tenant) {
      return ended.stream().filter(group -> group.startsWith(tenant + "/")).count();
    }
  }

  /** A model that is never asked. */
  private record Places() implements ChatModel {
    @Override
    public String name() {
      return "places";
    }

    @Override
    public int concurrency() {
      return PLACES;
    }

    @Override
    public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
      return CompletableFuture.failedFuture(new UnsupportedOperationException("not a model"));
    }

    @Override
    public CompletableFuture<ChoiceProbabilities> nextTokens(
        ChatRequest request, List<String> choices) {
      return CompletableFuture.failedFuture(new UnsupportedOperationException("not a model"));
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
