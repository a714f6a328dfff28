package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Topic;
import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.testing.TopicEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part by itself, as one would run them on several machines. */
@Tag("long")
class SeparateProcessesIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String RUN = "separate";
  private static final int STEPS = 20;
  private static final int GROUPS = 4;
  private static final Pattern STEP = Pattern.compile("step (\\d+)/" + STEPS + " .*");

  private final Path directory;
  private final String bootstrap;
  private final List<JavaProcess> processes = new ArrayList<>();

  SeparateProcessesIT(@TempDir Path directory) {
    this.directory = directory;
    this.bootstrap = "127.0.0.1:" + Ports.free();
  }

  @AfterEach
  void stopAll() {
    processes.reversed().forEach(JavaProcess::close);
  }

  @Test
  void shouldTrainOnWhenJudgeTopologyAndBrokerAreKilledUnderARun() throws Exception {
    // Given
    String port = bootstrap.substring(bootstrap.indexOf(':') + 1);
    JavaProcess broker = broker(port);
    JavaProcess topology = up("topology", "topology");
    JavaProcess judge = up("judge", "judge-1");
    List<JavaProcess> others =
        List.of(
            up("judge", "judge-2"),
            up("judge", "judge-3"),
            up("sampler", "sampler"),
            up("trainer", "trainer", "--run", RUN));
    others.forEach(part -> part.awaitLine(" ready at " + bootstrap, LIMIT));
    JavaProcess driver = start("run", runFile().toString(), "--bootstrap", bootstrap);

    // When
    awaitStep(driver, 5);
    judge.kill();
    awaitStep(driver, 8);
    topology.kill();
    up("topology", "topology");
    awaitStep(driver, 12);
    broker.kill();
    broker(port);
    int status = driver.awaitExit(LIMIT);

    // Then
    assertThat(status).as(driver.output()).isZero();
    assertThat(driver.output()).contains("run separate published", "is done: 20 updates");
    assertThat(others).allMatch(part -> part.isAlive() || part == others.getLast());
    assertEverythingHappenedOnce(new Namespace(bootstrap, "", directory));
  }

  private void assertEverythingHappenedOnce(Namespace place) {
    assertThat(TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class))
        .allSatisfy(group -> assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE))
        .extracting(GroupOutcome::getOrdinal)
        .containsExactlyInAnyOrderElementsOf(range(0, STEPS * GROUPS));
    assertThat(TopicEvents.read(place, Topic.BATCHES, GrpoBatch.class))
        .extracting(GrpoBatch::getNumber)
        .containsExactlyElementsOf(range(0, STEPS));
    assertThat(TopicEvents.read(place, Topic.CHECKPOINTS, Checkpoint.class))
        .extracting(Checkpoint::getVersion)
        .containsExactlyElementsOf(range(0, STEPS + 1));
    assertThat(TopicEvents.read(place, Topic.JUDGEMENTS, Judgement.class))
        .extracting(Judgement::getJudgementId)
        .contains("separate/t79/BA/3/0/outcome");
    assertThat(TopicEvents.read(place, Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
    List<PolicyUpdate> updates = TopicEvents.read(place, Topic.UPDATES, PolicyUpdate.class);
    assertThat(updates)
        .extracting(PolicyUpdate::getVersion)
        .containsExactlyElementsOf(range(1, STEPS + 1));
    assertThat(meanReward(updates.subList(STEPS - 5, STEPS)))
        .isGreaterThan(meanReward(updates.subList(0, 5)));
  }

  private Path runFile() throws IOException {
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);
    Path prompts = directory.resolve("prompts.jsonl");
    ArithmeticPrompts.write(ArithmeticPrompts.training(STEPS * GROUPS, 1), prompts);
    String text =
        """
        run: %s
        policy: { model: %s }
        data: { prompts: %s, order: given, seed: 1 }
        group: { arms: [AB, BA], samplesPerArm: 4, deadline: 120s, onMissing: drop }
        sampling: { temperature: 1.0, maxTokens: 58 }
        judges: { outcome: { type: verdict, format: think-answer-scores } }
        reward: { rule: j1-consistency, right: 1.0, wrong: 0.0, unparseable: -0.5, consistent: 0.5 }
        batch: { kind: grpo, groups: %d, zeroVariance: keepCount, order: ordinal }
        staleness: { maxVersionsBehind: 1, exact: true }
        train: { objective: grpo, steps: %d, learningRate: 1.0e-4 }
        """
            .formatted(RUN, model, prompts, GROUPS, STEPS);
    return Files.writeString(directory.resolve("run.yaml"), text);
  }

  /** Its data lies in the same directory each time. */
  private JavaProcess broker(String port) {
    JavaProcess broker = start("broker", "--port", port);
    broker.awaitLine("broker ready at " + bootstrap, LIMIT);
    return broker;
  }

  private JavaProcess up(String part, String home, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("up", "--roles", part, "--bootstrap", bootstrap, "--data-dir", home));
    arguments.addAll(List.of(more));
    return start(arguments.toArray(String[]::new));
  }

  private JavaProcess start(String... arguments) {
    JavaProcess process = PackagedUrteil.start(directory, arguments);
    processes.add(process);
    return process;
  }

  private static double meanReward(List<PolicyUpdate> updates) {
    return updates.stream().mapToDouble(PolicyUpdate::getMeanReward).average().orElseThrow();
  }

  private static void awaitStep(JavaProcess driver, int least) {
    driver.awaitLine(
        line -> {
          Matcher step = STEP.matcher(line);
          return step.matches() && Integer.parseInt(step.group(1)) >= least;
        },
        "step " + least,
        LIMIT);
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
