package io.urteil.local;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Broker, topology and judge worker in this process, for the tests of one class. */
public abstract class JudgingCluster {

  @TempDir private static @Nullable Path directory;
  private static @Nullable EmbeddedKafka broker;
  private static @Nullable TopologyComponent topology;
  private static @Nullable JudgeWorker judges;

  @BeforeAll
  static void startCluster() {
    broker = EmbeddedKafka.start(home().resolve("broker"));
    TopicCreator.create(place());
    topology = new TopologyComponent(place());
    judges = new JudgeWorker(place());
    topology.start();
    judges.start();
  }

  @AfterAll
  static void stopCluster() {
    if (judges != null) {
      judges.close();
    }
    if (topology != null) {
      topology.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** The log of the cluster; its data directory is {@link #home}. */
  protected static Namespace place() {
    return new Namespace(Objects.requireNonNull(broker).bootstrap(), "", home());
  }

  /** A directory that goes with the cluster. */
  protected static Path home() {
    return Objects.requireNonNull(directory);
  }
}
