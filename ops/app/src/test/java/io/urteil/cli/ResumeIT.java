package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.Checkpoint;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Purpose;
import io.urteil.event.Topic;
import io.urteil.testing.TopicEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo that is stopped at any moment resumes. */
@Tag("long")
class ResumeIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int STEPS = 8;
  private static final Pattern STEP = Pattern.compile("step (\\d+)/" + STEPS + " .*");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Path home;
  private final Path report;

  ResumeIT(@TempDir Path directory) {
    this.directory = directory;
    this.home = directory.resolve("demo");
    this.report = directory.resolve("report.json");
  }

  @Test
  void shouldTrainEveryBatchOnceWhenKilledAndInterruptedOnTheWay() throws Exception {
    // Given
    Random moment = new Random(7);
    try (JavaProcess demo = begin()) {
      awaitStep(demo, 1);
      TimeUnit.MILLISECONDS.sleep(moment.nextInt(1_000));
      demo.kill();
    }
    try (JavaProcess demo = resume()) {
      awaitStep(demo, 4);
      TimeUnit.MILLISECONDS.sleep(moment.nextInt(500));
      assertThat(interrupt(demo)).isEqualTo(128 + 2);
      assertThat(demo.output())
          .contains("stopped; to resume: urteil demo --resume --data-dir " + home);
    }
    try (JavaProcess demo = resume()) {
      awaitStep(demo, 6);
      TimeUnit.MILLISECONDS.sleep(moment.nextInt(200));
      demo.kill();
    }

    // When
    String first = finish();

    // Then
    assertThat(first).contains("accuracy", "checkpoint: ");
    JsonNode figures = JSON.readTree(report.toFile());
    assertThat(figures.path("steps").asInt()).isEqualTo(STEPS);
    assertThat(figures.path("batchesTrained").asInt()).isEqualTo(STEPS);
    assertThat(figures.path("lagHistogram")).isEqualTo(JSON.readTree("{\"0\":128,\"1\":896}"));
    assertEverythingHappenedOnce();
    assertThat(finish()).contains(resultOf(first));
    assertThat(JSON.readTree(report.toFile()).path("accuracyAfter"))
        .isEqualTo(figures.path("accuracyAfter"));
    try (JavaProcess again = begin()) {
      assertThat(again.awaitExit(LIMIT)).isEqualTo(2);
      assertThat(again.output())
          .startsWith("urteil: --data-dir: " + home + " contains a demo")
          .contains("--resume")
          .hasLineCount(1);
    }
  }

  @Test
  void shouldRefuseToResumeWhereNoDemoWasBegun() {
    // When
    try (JavaProcess demo = resume()) {

      // Then
      assertThat(demo.awaitExit(LIMIT)).isEqualTo(2);
      assertThat(demo.output()).startsWith("urteil: --resume: no demo in " + home).hasLineCount(1);
    }
  }

  private void assertEverythingHappenedOnce() {
    try (EmbeddedKafka broker = EmbeddedKafka.start(home.resolve("broker"))) {
      Namespace place = new Namespace(broker.bootstrap(), "", home);
      List<Checkpoint> checkpoints = TopicEvents.read(place, Topic.CHECKPOINTS, Checkpoint.class);
      String runId = checkpoints.getFirst().getRunId();
      List<String> batchIds =
          IntStream.range(0, STEPS).mapToObj(number -> runId + "/" + number).toList();
      assertThat(checkpoints)
          .extracting(Checkpoint::getVersion)
          .containsExactlyElementsOf(LongStream.rangeClosed(0, STEPS).boxed().toList());
      assertThat(checkpoints)
          .flatExtracting(Checkpoint::getBatchIds)
          .containsExactlyElementsOf(batchIds);
      assertThat(TopicEvents.read(place, Topic.UPDATES, PolicyUpdate.class))
          .extracting(PolicyUpdate::getBatchId)
          .containsExactlyElementsOf(batchIds);
      assertThat(TopicEvents.read(place, Topic.BATCHES, GrpoBatch.class))
          .extracting(GrpoBatch::getNumber)
          .containsExactlyElementsOf(LongStream.range(0, STEPS).boxed().toList());
      List<GroupOutcome> groups = TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class);
      assertThat(groups).extracting(GroupOutcome::getGroupId).doesNotHaveDuplicates();
      assertThat(groups)
          .filteredOn(group -> group.getPurpose() == Purpose.TRAIN)
          .extracting(GroupOutcome::getOrdinal)
          .containsExactlyInAnyOrderElementsOf(LongStream.range(0, STEPS * 8L).boxed().toList());
    }
  }

  private JavaProcess begin() {
    return PackagedUrteil.start(
        directory,
        "demo",
        "--steps",
        "" + STEPS,
        "--evaluate-every",
        "" + STEPS,
        "--data-dir",
        home.toString());
  }

  private JavaProcess resume() {
    return PackagedUrteil.start(
        directory, "demo", "--resume", "--data-dir", home.toString(), "--report", "" + report);
  }

  private String finish() {
    try (JavaProcess demo = resume()) {
      assertThat(demo.awaitExit(LIMIT)).as(demo.output()).isZero();
      return demo.output();
    }
  }

  /** The table and the one judgement; rates and times may differ. */
  private static String resultOf(String output) {
    int begin = output.indexOf("held-out problems");
    return output.substring(begin, output.indexOf(" updates in ", begin));
  }

  private static void awaitStep(JavaProcess demo, int least) {
    demo.awaitLine(
        line -> {
          Matcher step = STEP.matcher(line);
          return step.matches() && Integer.parseInt(step.group(1)) >= least;
        },
        "step " + least,
        LIMIT);
  }

  /** Sends SIGINT, as Ctrl-C does. */
  private static int interrupt(JavaProcess demo) throws Exception {
    new ProcessBuilder("kill", "-INT", "" + demo.pid()).inheritIO().start().waitFor();
    return demo.awaitExit(Duration.ofSeconds(30));
  }
}
