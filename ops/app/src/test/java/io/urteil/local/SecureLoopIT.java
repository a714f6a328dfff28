package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Namespace;
import io.urteil.event.SecureBroker;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.event.TopicSettings;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.Sampler;
import io.urteil.sampler.feed.PromptFeeder;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.trainer.Trainer;
import io.urteil.worker.JudgeWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole loop over a broker with TLS, logins and ACLs, each component with just the rights that
 * security.md lists for it, on topics of eight partitions.
 */
class SecureLoopIT {

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String PREFIX = "secure.";
  private static final int PARTITIONS = 8;

  private static SecureBroker broker;
  private static Path home;
  private static final List<ServiceComponent> components = new ArrayList<>();

  @BeforeAll
  static void run(@TempDir Path directory) throws Exception {
    home = directory;
    broker =
        SecureBroker.withLogins(
            directory.resolve("broker"), "run", "sampler", "judge", "topology", "trainer");
    TopicCreator.create(
        admin()
            .with(
                TopicSettings.of(Map.of("urteil.topics.partitions", "" + PARTITIONS), "the test")));
    broker.allow(DocumentedAcls.read(PREFIX));
    RunFile run = ShortRun.of(directory);
    Namespace driver = namespace("run", broker.oauth("run"));
    try (EventProducer producer = EventProducer.idempotent(driver)) {
      RunRegistry.publish(producer, run);
    }
    start(new Trainer(namespace("trainer", broker.plain("trainer")), run.run()));
    start(new TopologyComponent(namespace("topology", broker.scram("topology"))));
    start(new JudgeWorker(namespace("judge", broker.scram("judge"))));
    start(new Sampler(namespace("sampler", broker.plain("sampler"))));
    start(new PromptFeeder(driver, run.run()));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              ServiceComponent.firstFailed(components).ifPresent(SecureLoopIT::fail);
              return ShortRun.figures(driver).step() >= ShortRun.STEPS;
            });
  }

  @AfterAll
  static void stop() {
    components.reversed().forEach(ServiceComponent::close);
    components.clear();
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void shouldTrainToTheLastVersion() {
    // When
    List<Checkpoint> checkpoints = TopicEvents.read(admin(), Topic.CHECKPOINTS, Checkpoint.class);

    // Then
    assertThat(checkpoints).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L);
    assertThat(TopicEvents.read(admin(), Topic.GROUPS, GroupOutcome.class))
        .hasSize(ShortRun.GROUPS * ShortRun.STEPS)
        .extracting(GroupOutcome::getStatus)
        .containsOnly(GroupStatus.COMPLETE);
    assertThat(TopicEvents.read(admin(), Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  @Test
  void shouldHaveATaskForEachPartition() throws IOException {
    // When
    List<String> tasks;
    try (Stream<Path> files =
        Files.list(home.resolve("topology/streams").resolve(PREFIX + "topology"))) {
      tasks = files.map(file -> file.getFileName().toString()).toList();
    }

    // Then
    for (int partition = 0; partition < PARTITIONS; partition++) {
      assertThat(tasks).contains("0_" + partition, "1_" + partition);
    }
    assertThat(new EventLog(admin()).partitions(Topic.ROLLOUTS)).hasSize(PARTITIONS);
  }

  private static Namespace admin() {
    return broker.place(PREFIX, broker.plain("admin"));
  }

  private static Namespace namespace(String name, Map<String, String> properties) {
    return broker.place(PREFIX, properties).ofTenant(PREFIX, home.resolve(name));
  }

  private static void start(ServiceComponent component) {
    components.add(component);
    component.start();
  }

  private static void fail(Throwable cause) {
    throw new AssertionError(cause);
  }
}
