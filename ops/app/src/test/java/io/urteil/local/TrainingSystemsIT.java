package io.urteil.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.OnMissing;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.Sampler;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.trainer.Trainer;
import io.urteil.worker.JudgeWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every run file of {@code ops/runs} that trains a judge, two updates each, over the real topics
 * with one sampler, judge worker and topology for all of them. Only what its size asks for is
 * changed: the pairs, samples, lengths and steps, and the model. That is a {@link WritingModel} of
 * texts in the verdict format, some right, some wrong, one unreadable, so that the rewards of a
 * group differ and an update has a gradient.
 */
@Tag("long")
class TrainingSystemsIT {

  private static final Path RUNS = Path.of("../runs");
  private static final int STEPS = 2;
  private static final int SAMPLES = 6;

  /** Made by its own command, with its own model, which the demo's tests do. */
  private static final String DEMO = "arithmetic-judge.yaml";

  @Test
  void shouldTrainAsEachRunFileSays(@TempDir Path directory) throws Exception {
    // Given
    List<RunFile> runs = training(directory);
    assertThat(runs).hasSizeGreaterThanOrEqualTo(10);

    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      Namespace place = new Namespace(kafka.bootstrap(), "", directory.resolve("data"));
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        runs.forEach(run -> RunRegistry.publish(producer, run));
      }

      // When
      try (ServiceComponent topology = started(new TopologyComponent(place));
          ServiceComponent judges = started(new JudgeWorker(place));
          ServiceComponent sampler = started(new Sampler(place))) {
        for (RunFile run : runs) {
          try (ServiceComponent trainer = started(new Trainer(place, run.run()))) {
            assertThat(
                    new PromptFeedSession(place, run).feed(line -> {}, snapshot -> {}, () -> false))
                .isPresent();
          }
        }
      }

      // Then
      List<Checkpoint> checkpoints = TopicEvents.read(place, Topic.CHECKPOINTS, Checkpoint.class);
      List<PolicyUpdate> updates = TopicEvents.read(place, Topic.UPDATES, PolicyUpdate.class);
      List<Judgement> judgements = TopicEvents.read(place, Topic.JUDGEMENTS, Judgement.class);
      List<Reward> rewards = TopicEvents.read(place, Topic.REWARDS, Reward.class);
      List<Rollout> rollouts = TopicEvents.read(place, Topic.ROLLOUTS, Rollout.class);
      for (RunFile run : runs) {
        assertTrained(
            run,
            of(run, checkpoints, Checkpoint::getRunId),
            of(run, updates, PolicyUpdate::getRunId));
        assertThat(of(run, judgements, Judgement::getRunId))
            .as(run.run())
            .extracting(Judgement::getStatus)
            .contains(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE)
            .containsOnly(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE);
        assertRewards(
            run, of(run, rewards, Reward::getRunId), of(run, rollouts, Rollout::getRunId));
      }
    }
  }

  private static <T> List<T> of(RunFile run, List<T> events, Function<T, String> runId) {
    return events.stream().filter(event -> runId.apply(event).equals(run.run())).toList();
  }

  private static void assertTrained(
      RunFile run, List<Checkpoint> checkpoints, List<PolicyUpdate> updates) {
    assertThat(checkpoints)
        .as(run.run())
        .extracting(Checkpoint::getVersion)
        .containsExactly(0L, 1L, 2L);
    assertThat(checkpoints)
        .as(run.run())
        .extracting(TrainingSystemsIT::weights)
        .doesNotHaveDuplicates();
    assertThat(updates)
        .as(run.run())
        .hasSize(STEPS)
        .allSatisfy(update -> assertThat(update.getGradientNorm()).isPositive().isFinite());
  }

  private static String weights(Checkpoint checkpoint) {
    return checkpoint.getFiles().stream()
        .filter(file -> file.getName().endsWith(".safetensors"))
        .map(CheckpointFile::getSha256)
        .collect(Collectors.joining());
  }

  /** Every reward is one that the rule gives the text, and every text was written. */
  private static void assertRewards(RunFile run, List<Reward> rewards, List<Rollout> rollouts) {
    Map<String, WrittenVerdicts.Written> texts =
        WrittenVerdicts.of(run.run()).stream()
            .collect(Collectors.toMap(WrittenVerdicts.Written::text, written -> written));
    Map<String, Rollout> byMember =
        rollouts.stream()
            .collect(
                Collectors.toMap(
                    rollout -> member(rollout.getGroupId(), rollout.getArm(), rollout.getIndex()),
                    rollout -> rollout));
    assertThat(rollouts)
        .as(run.run())
        .extracting(TrainingSystemsIT::text)
        .containsAll(texts.keySet())
        .isSubsetOf(texts.keySet());
    assertThat(rewards)
        .as(run.run())
        .isNotEmpty()
        .allSatisfy(
            reward -> {
              Rollout rollout =
                  requireNonNull(
                      byMember.get(
                          member(reward.getGroupId(), reward.getArm(), reward.getIndex())));
              assertThat(reward.getStatus()).as("%s", reward).isEqualTo(RewardStatus.PAID);
              assertThat(
                      requireNonNull(texts.get(text(rollout)))
                          .rewardsFor(requireNonNull(rollout.getReference())))
                  .as("rewards of '%s' for %s", text(rollout), rollout.getReference())
                  .anySatisfy(
                      value -> assertThat(reward.getValue()).isCloseTo(value, within(1e-9)));
            });
  }

  private static String text(Rollout rollout) {
    return String.valueOf(rollout.getSegments().getLast().getText());
  }

  private static String member(String groupId, String arm, int index) {
    return groupId + "|" + arm + "|" + index;
  }

  private static List<RunFile> training(Path directory) throws IOException {
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "1", "question": "1+1?", "answers": ["2", "3"], "preferred": "A", "scores": [9, 2], "strength": -3}
        {"id": "2", "question": "2+2?", "answers": ["5", "4"], "preferred": "B", "scores": [1, 8], "strength": 2}
        """);
    List<RunFile> runs = new ArrayList<>();
    try (Stream<Path> files = Files.list(RUNS)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("waiting-") || name.equals(DEMO)) {
          continue;
        }
        RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
        if (run.train() != null) {
          List<String> texts =
              WrittenVerdicts.of(run.run()).stream().map(WrittenVerdicts.Written::text).toList();
          Path model = WritingModel.write(directory.resolve(run.run()).resolve("model"), texts);
          runs.add(
              run.edit()
                  .policy(new PolicySection(model))
                  .data(data -> data.withPrompts(pairs))
                  .group(
                      group -> group.withSamplesPerArm(SAMPLES).withOnMissing(new OnMissing.Drop()))
                  .sampling(sampling -> sampling.withMaxTokens(8))
                  .batch(batch -> batch.withGroups(2))
                  .train(train -> train.withSteps(STEPS))
                  .withoutEvaluate()
                  .build());
        }
      }
    }
    return runs;
  }

  private static ServiceComponent started(ServiceComponent part) {
    part.start();
    return part;
  }
}
