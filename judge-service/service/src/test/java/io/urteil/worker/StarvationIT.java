package io.urteil.worker;

import static io.urteil.worker.WorkerFixture.GOOD;
import static io.urteil.worker.WorkerFixture.RUN;
import static io.urteil.worker.WorkerFixture.started;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetter;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeFactory;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RuleJudge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What faulty and slow judges of one run cost another run. One broker; topics for each test. */
class StarvationIT {

  private static final JudgeSection HONEST =
      new RuleJudge.Verdict("judgelrm-scores", java.util.Map.of());
  private static final JudgeSection FAULTY = new RuleJudge.Answer(RuleJudge.Compare.TEXT);
  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path directory;
  private static @Nullable EmbeddedKafka kafka;

  private final Namespace place =
      new Namespace(
          requireNonNull(kafka).bootstrap(), "s" + TENANTS.incrementAndGet() + ".", directory);
  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    requireNonNull(kafka).close();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 1_500})
  void shouldJudgeARunBehindTheRolloutsOfAJudgeThatNeverReturns(int backlog) throws Exception {
    // Given
    PointwiseJudge stuck =
        judge(
            rollout -> {
              never.await();
              return new Finding.Abstained("never");
            });
    publish("stuck", FAULTY, backlog);
    publish("honest", HONEST, 12);

    // When
    try (ServiceComponent worker = started(worker(Duration.ofMinutes(10), 100, stuck))) {
      awaitJudgements("honest", 12, Duration.ofSeconds(40));

      // Then
      assertThat(judgements("stuck")).isEmpty();
      assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
    } finally {
      never.countDown();
    }
    assertThat(judgements("honest"))
        .allSatisfy(one -> assertThat(one.getStatus()).isEqualTo(JudgementStatus.SCORED));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void shouldContainWhateverAJudgeDoes(long seed) throws Exception {
    // Given
    int rollouts = 48;
    publish("faulty", FAULTY, rollouts);
    publish("honest", HONEST, rollouts);

    // When
    try (NastyJudge nasty = new NastyJudge(seed);
        ServiceComponent worker = started(worker(Duration.ofSeconds(3), 500, nasty))) {
      awaitJudgements("honest", rollouts, Duration.ofSeconds(60));
      awaitJudgements("faulty", rollouts, Duration.ofSeconds(60));

      // Then
      assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
    }
    assertThat(judgements("honest"))
        .hasSize(rollouts)
        .allSatisfy(one -> assertThat(one.getStatus()).isEqualTo(JudgementStatus.SCORED));
    assertThat(judgements("faulty")).hasSize(rollouts);
    assertThat(WorkerFixture.read(place, Topic.DEAD_LETTERS, DeadLetter.class))
        .allSatisfy(letter -> assertThat(letter.getCause()).isEqualTo(RecordHandler.JUDGE_FAILED));
  }

  @Test
  void shouldFailOnlyTheJudgementsOfAJudgeThatCannotBeMade() throws Exception {
    // Given
    JudgeFactory factory =
        description -> {
          if (!description.equals(FAULTY)) {
            return honest();
          }
          throw new NoClassDefFoundError("acme/Missing");
        };
    assertEveryJudgementFails(factory, "NoClassDefFoundError: acme/Missing");
  }

  @Test
  @SuppressWarnings("NullAway") // on purpose
  void shouldFailOnlyTheJudgementsOfAJudgeWithoutAVersion() throws Exception {
    // Given
    PointwiseJudge nameless =
        new PointwiseJudge() {
          @Override
          public String version() {
            return null;
          }

          @Override
          public Finding judge(Rollout rollout) {
            return new Finding.Abstained("x");
          }
        };
    assertEveryJudgementFails(
        description -> description.equals(FAULTY) ? nameless : honest(),
        "version() of the judge: null");
  }

  private void assertEveryJudgementFails(JudgeFactory factory, String reason) throws Exception {
    publish("faulty", FAULTY, 4);
    publish("honest", HONEST, 4);

    // When
    try (ServiceComponent worker =
        started(new JudgeWorker(place, settings(Duration.ofSeconds(30), 500), factory))) {
      awaitJudgements("faulty", 4, Duration.ofSeconds(40));
      awaitJudgements("honest", 4, Duration.ofSeconds(40));

      // Then
      assertThat(worker.health()).isEqualTo(new ServiceComponent.Health.Running());
    }
    assertThat(judgements("faulty"))
        .allSatisfy(
            one -> {
              assertThat(one.getStatus()).isEqualTo(JudgementStatus.FAILED);
              assertThat(one.getError()).contains(reason);
            });
    assertThat(judgements("honest"))
        .allSatisfy(one -> assertThat(one.getStatus()).isEqualTo(JudgementStatus.SCORED));
  }

  private JudgeWorker worker(Duration timeLimit, int pollRecords, Judge faulty) {
    return new JudgeWorker(
        place,
        settings(timeLimit, pollRecords),
        description -> description.equals(FAULTY) ? faulty : honest());
  }

  private static Judge honest() {
    return new io.urteil.judges.rule.VerdictJudge(io.urteil.prompt.VerdictFormat.JUDGELRM_SCORES);
  }

  private static WorkerSettings settings(Duration timeLimit, int pollRecords) {
    return new WorkerSettings(
        Duration.ofSeconds(30), 5, pollRecords, 32, 2, Duration.ofMillis(10), timeLimit);
  }

  private interface Seeing {
    Finding judge(Rollout rollout) throws Exception;
  }

  private static PointwiseJudge judge(Seeing seeing) {
    return new PointwiseJudge() {
      @Override
      public String version() {
        return "test/1";
      }

      @Override
      public Finding judge(Rollout rollout) throws Exception {
        return seeing.judge(rollout);
      }
    };
  }

  private void publish(String run, JudgeSection judge, int count) throws Exception {
    RunFile file = RUN.edit().run(run).judges(java.util.Map.of("outcome", judge)).build();
    List<Rollout> rollouts =
        WorkerFixture.rollouts(count, GOOD).stream()
            .limit(count)
            .map(
                one ->
                    Rollout.newBuilder(one)
                        .setRunId(run)
                        .setGroupId(one.getGroupId().replace(one.getRunId(), run))
                        .setContentHash(ContentHash.of(one.getSegments()))
                        .build())
            .toList();
    WorkerFixture.publish(place, file, rollouts);
  }

  private void awaitJudgements(String run, int count, Duration atMost) {
    await()
        .atMost(atMost)
        .untilAsserted(() -> assertThat(judgements(run)).hasSizeGreaterThanOrEqualTo(count));
  }

  private List<Judgement> judgements(String run) {
    return WorkerFixture.read(place, Topic.JUDGEMENTS, Judgement.class).stream()
        .filter(one -> one.getRunId().equals(run))
        .toList();
  }
}
