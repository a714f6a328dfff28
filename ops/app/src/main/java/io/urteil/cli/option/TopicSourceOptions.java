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

/** Which log a command reads: one whose broker runs, or one that lies in a directory. */
public final class TopicSourceOptions {

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Directory of a stopped demo, or of a stopped broker: its broker is started for the time"
              + " of this command, instead of --bootstrap.")
  private @Nullable Path dataDirectory;

  /** A log that can be read until it is closed. */
  public record Opened(Namespace place, @Nullable EmbeddedKafka broker) implements AutoCloseable {

    @Override
    public void close() {
      if (broker != null) {
        broker.close();
      }
    }
  }

  /**
   * Opens the log.
   *
   * @throws IllegalArgumentException when the directory holds no log
   */
  public Opened open() {
    if (dataDirectory == null) {
      return new Opened(cluster.place(Path.of("")), null);
    }
    Path home = dataDirectory.toAbsolutePath().normalize();
    Path broker = home.resolve("broker");
    Path log = isLog(broker) ? broker : home;
    if (!isLog(log)) {
      throw new IllegalArgumentException(
          "--data-dir: %s holds no log (expected: the directory of a demo, with a folder broker, or of a broker)"
              .formatted(home));
    }
    cluster.refuseKafkaProperties();
    EmbeddedKafka started = EmbeddedKafka.start(log);
    return new Opened(cluster.ownPlace(started.bootstrap(), home), started);
  }

  /**
   * The run that was named, or the only one there is.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   * @throws IllegalArgumentException when none was named and there is not exactly one
   */
  public static String runOf(Namespace place, @Nullable String named) {
    if (named != null) {
      return named;
    }
    PartitionBounds.of(place);
    Set<String> runs;
    try (RunRegistry directory = new RunRegistry(place)) {
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
