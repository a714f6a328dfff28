package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.ContentHash;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import io.urteil.testing.RandomModel;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every run file of {@code ops/runs} that judges without training, and without a server, over the
 * real topics and with a model in this process, all of them at once around one broker. The model is
 * a small one of random weights, so that most of its verdicts cannot be read or are cut off; that
 * it was asked, how often and what for is what is looked at.
 */
class JudgeSystemsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Path RUNS = Path.of("../runs");

  @Test
  void shouldJudgeAGroupAsEachRunFileSays(@TempDir Path directory) throws Exception {
    // Given
    Path model = RandomModel.writeChat(directory.resolve("model"));
    Path scalar = RandomModel.writeScalar(directory.resolve("scalar/model"));
    List<RunFile> runs = judging(model, scalar);
    assertThat(runs).hasSizeGreaterThan(MODES.size());

    // When
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      Namespace place = new Namespace(kafka.bootstrap(), "", directory.resolve("data"));
      TopicCreator.create(place);
      publish(place, runs);
      try (ServiceComponent topology = started(new TopologyComponent(place));
          ServiceComponent judges = started(new JudgeWorker(place))) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () ->
                    assertThat(TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class))
                        .extracting(GroupOutcome::getRunId)
                        .containsExactlyInAnyOrderElementsOf(
                            runs.stream().map(RunFile::run).toList()));
      }

      // Then
      Map<String, List<Judgement>> judgements =
          TopicEvents.read(place, Topic.JUDGEMENTS, Judgement.class).stream()
              .collect(Collectors.groupingBy(Judgement::getRunId));
      for (RunFile run : runs) {
        assertJudged(run, judgements.getOrDefault(run.run(), List.of()));
      }
    }
  }

  /** A model that was asked leaves votes, of which those read from probabilities carry them. */
  private static void assertAsked(ModelJudge judge, Judgement judgement) {
    if (judge instanceof ModelJudge.Scalar) {
      assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.SCORED);
      assertThat(Objects.requireNonNull(judgement.getVerdict()).getScores()).hasSize(1);
      return;
    }
    assertThat(judgement.getPromptHash()).hasSize(64);
    assertThat(judgement.getVotes()).isNotEmpty();
    if (judge instanceof ModelJudge.Tournament tournament
        && tournament.panel().read() == JudgePanel.Read.PROBABILITIES) {
      assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.SCORED);
      assertThat(judgement.getVotes())
          .allSatisfy(
              vote ->
                  assertThat(Objects.requireNonNull(vote.getVerdict()).getProbabilities())
                      .hasSize(2)
                      .allMatch(p -> p > 0 && p < 1));
    }
  }

  private static void assertJudged(RunFile run, List<Judgement> judgements) {
    int members = run.group().samplesPerArm();
    assertThat(judgements).as(run.run()).hasSize(members * run.judges().size());
    for (Judgement judgement : judgements) {
      if (judgement.getStatus() == JudgementStatus.FAILED) {
        // A random model writes until it is cut off, which is its own failure.
        assertThat(judgement.getError()).as(run.run()).contains("the answer was cut off after");
      } else {
        assertThat(judgement.getStatus())
            .as("%s: %s", run.run(), judgement)
            .isIn(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE);
      }
    }
    if (run.judges().firstEntry().getValue() instanceof ModelJudge judge) {
      assertThat(judgements).as(run.run()).allSatisfy(judgement -> assertAsked(judge, judgement));
      int comparisons = judgements.stream().mapToInt(Judgement::getComparisons).sum() / 2;
      switch (judge) {
        case ModelJudge.Generative generative -> assertThat(comparisons).isZero();
        case ModelJudge.Scalar scalar -> assertThat(comparisons).isZero();
        case ModelJudge.Listwise listwise ->
            assertThat(comparisons).isEqualTo(members * (members - 1) / 2);
        case ModelJudge.Tournament tournament ->
            assertThat(comparisons)
                .as(run.run())
                .isEqualTo(
                    switch (tournament.schedule()) {
                      case ROUND_ROBIN -> members * (members - 1) / 2;
                      case CIRCULAR -> members < 3 ? members - 1 : members;
                      case KNOCKOUT -> members - 1;
                    });
      }
      assertThat(judgements.stream().mapToInt(Judgement::getPromptTokens).sum())
          .as("tokens read by %s", run.run())
          .isPositive();
    }
  }

  /** Modes of judging, whatever the run files make use of. */
  private static final Map<String, String> MODES =
      Map.of(
          "mode-round-robin", "{type: tournament, model: m, prompt: rrm, votes: 2}",
          "mode-knockout",
              "{type: tournament, model: m, prompt: rrm, orders: random, schedule: knockout,"
                  + " rating: rounds}",
          "mode-circular",
              "{type: tournament, model: m, prompt: json-scores, schedule: circular, rating:"
                  + " mean-score, combine: mean}",
          "mode-listwise", "{type: listwise, model: m, prompt: ruler}",
          "mode-generative",
              "{type: generative, model: m, prompt: j1-pointwise, votes: 3, combine: mean}");

  /** The modes and the run files that train nothing, with this model and short answers. */
  private static List<RunFile> judging(Path model, Path scalar) throws IOException {
    List<RunFile> runs = new ArrayList<>();
    for (Map.Entry<String, String> mode : MODES.entrySet()) {
      String text =
          """
          run: %s
          group: { arms: [only], samplesPerArm: 4, deadline: 10m }
          judges: { judge: %s }
          reward: { rule: correct, unparseable: 0.0 }
          batch: { kind: none }
          """
              .formatted(mode.getKey(), mode.getValue());
      runs.add(small(RunFileReader.read(mode.getKey(), text), model, scalar));
    }
    try (Stream<Path> files = Files.list(RUNS)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.getFileName().toString().startsWith("waiting-")) {
          continue;
        }
        RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
        if (run.train() == null
            && run.judges().values().stream().noneMatch(JudgeSystemsIT::isRemote)) {
          runs.add(small(run, model, scalar));
        }
      }
    }
    return runs;
  }

  private static boolean isRemote(JudgeSection judge) {
    return judge instanceof RubricJudge
        || judge instanceof ModelJudge asked
            && asked.models().stream().anyMatch(JudgePanel.Model.Remote.class::isInstance);
  }

  private static RunFile small(RunFile run, Path model, Path scalar) {
    RunFile.Builder edited = run.edit();
    run.judges()
        .forEach(
            (name, judge) -> {
              edited.judge(
                  name,
                  switch (judge) {
                    case ModelJudge.Scalar asked ->
                        asked.withModels(one -> new JudgePanel.Model.Local(scalar, Weights.F32));
                    case ModelJudge asked ->
                        asked
                            .withModels(one -> new JudgePanel.Model.Local(model, Weights.F32))
                            .withPanel(panel -> panel.withMaxTokens(4));
                    case RubricJudge rubric -> rubric;
                    case RuleJudge rule -> rule;
                    case CustomJudge added -> added;
                  });
            });
    return edited.build();
  }

  private static void publish(Namespace place, List<RunFile> runs) throws Exception {
    try (EventProducer producer = EventProducer.idempotent(place)) {
      for (RunFile run : runs) {
        RunRegistry.publish(producer, run);
        for (int index = 0; index < run.group().samplesPerArm(); index++) {
          Rollout rollout = rollout(run, index);
          producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout).get();
        }
      }
    }
  }

  private static Rollout rollout(RunFile run, int index) {
    String arm = run.group().arms().getFirst();
    List<Segment> segments =
        List.of(
            Segment.newBuilder().setRole("user").setText("What is 6 times 7?").build(),
            Segment.newBuilder().setRole("assistant").setText("A: " + (40 + index)).build());
    return Rollout.newBuilder()
        .setRunId(run.run())
        .setGroupId(Ids.group(run.run(), Purpose.PROBE, 0))
        .setArm(arm)
        .setIndex(index)
        .setOrdinal(0)
        .setArms(List.of(arm))
        .setSamplesPerArm(run.group().samplesPerArm())
        .setPurpose(Purpose.PROBE)
        .setSegments(segments)
        .setReference("42")
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(Instant.now())
        .setCreatedAt(Instant.now())
        .build();
  }

  private static ServiceComponent started(ServiceComponent part) {
    part.start();
    return part;
  }
}
