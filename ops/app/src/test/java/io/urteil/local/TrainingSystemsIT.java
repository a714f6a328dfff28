package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Checkpoint;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.OnMissing;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.Sampler;
import io.urteil.testing.RandomModel;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.trainer.Trainer;
import io.urteil.worker.JudgeWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every run file of {@code ops/runs} that trains a judge, two updates each, over the real topics
 * with one sampler, judge worker and topology for all of them. Only what its size asks for is
 * changed: the model (a small one of random weights), the pairs, samples, lengths and steps.
 */
@Tag("long")
class TrainingSystemsIT {

  private static final Path RUNS = Path.of("../runs");
  private static final int STEPS = 2;

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
      for (RunFile run : runs) {
        assertThat(checkpoints)
            .filteredOn(checkpoint -> checkpoint.getRunId().equals(run.run()))
            .as(run.run())
            .extracting(Checkpoint::getVersion)
            .containsExactly(0L, 1L, 2L);
        assertThat(updates)
            .filteredOn(update -> update.getRunId().equals(run.run()))
            .as(run.run())
            .hasSize(STEPS);
        assertThat(judgements)
            .filteredOn(judgement -> judgement.getRunId().equals(run.run()))
            .as(run.run())
            .isNotEmpty()
            .allSatisfy(
                judgement ->
                    assertThat(judgement.getStatus())
                        .isIn(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE));
        assertThat(rewards)
            .filteredOn(reward -> reward.getRunId().equals(run.run()))
            .as(run.run())
            .isNotEmpty()
            .allSatisfy(
                reward ->
                    assertThat(reward.getStatus()).as("%s", reward).isEqualTo(RewardStatus.PAID));
      }
    }
  }

  private static List<RunFile> training(Path directory) throws IOException {
    Path model = RandomModel.writeChat(directory.resolve("model"));
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "1", "question": "1+1?", "answers": ["2", "3"], "preferred": "A", "scores": [9, 2], "strength": 3}
        {"id": "2", "question": "2+2?", "answers": ["5", "4"], "preferred": "B", "scores": [1, 8], "strength": -2}
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
          runs.add(
              run.edit()
                  .policy(new PolicySection(model))
                  .data(data -> data.withPrompts(pairs))
                  .group(group -> group.withSamplesPerArm(2).withOnMissing(new OnMissing.Drop()))
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
