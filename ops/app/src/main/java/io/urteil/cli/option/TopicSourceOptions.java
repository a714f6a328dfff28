package io.urteil.cli.option;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.run.RunRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options that select the topics a command reads: on a running broker, or in the data directory of
 * a stopped one.
 */
public final class TopicSourceOptions {

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Data directory of a stopped command with its own broker, such as demo, train, serve,"
              + " score or evaluate, or of a stopped broker. Its broker runs during the command, in"
              + " place of --bootstrap.")
  private @Nullable Path dataDirectory;

  /** Topics that are readable until closed, with the embedded broker that serves them, if any. */
  public record OpenTopics(Namespace namespace, @Nullable EmbeddedKafka broker)
      implements AutoCloseable {

    @Override
    public void close() {
      if (broker != null) {
        broker.close();
      }
    }
  }

  /**
   * Connects to the broker, or starts it on the data directory.
   *
   * @throws IllegalArgumentException if the directory is not the data directory of a broker
   */
  public OpenTopics open() {
    if (dataDirectory == null) {
      return new OpenTopics(cluster.namespace(Path.of("")), null);
    }
    Path home = dataDirectory.toAbsolutePath().normalize();
    Path broker = home.resolve("broker");
    Path log = isLog(broker) ? broker : home;
    if (!isLog(log)) {
      throw new IllegalArgumentException(
          "--data-dir: %s is not a broker's data directory (expected: the data directory of a command with its own broker, with a folder broker, or that of a broker)"
              .formatted(home));
    }
    cluster.rejectKafkaProperties();
    EmbeddedKafka started = EmbeddedKafka.start(log);
    return new OpenTopics(cluster.embeddedNamespace(started.bootstrap(), home), started);
  }

  /**
   * The named run, or the only run in the topics.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException if no broker answers
   * @throws IllegalArgumentException if no run is named and the topics do not contain exactly one
   */
  public static String runOf(Namespace namespace, @Nullable String named) {
    if (named != null) {
      return named;
    }
    PartitionBounds.of(namespace);
    Set<String> runs;
    try (RunRegistry directory = new RunRegistry(namespace)) {
      runs = new TreeSet<>(directory.all().keySet());
    }
    if (runs.size() != 1) {
      throw new IllegalArgumentException(
          "RUN: missing (expected: one of %s)".formatted(String.join(", ", runs)));
    }
    return runs.iterator().next();
  }

  private static boolean isLog(Path directory) {
    return Files.exists(directory.resolve("meta.properties"));
  }
}
