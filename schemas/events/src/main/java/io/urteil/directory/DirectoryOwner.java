package io.urteil.directory;

import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;

/**
 * The owner of a directory whose files belong to topics: the cluster, the topic prefix and, for the
 * checkpoints of a run, the run and its run file. The first use writes a file {@value #FILE}; a
 * later one by another owner is rejected before anything is written or removed, since its topics
 * know nothing of these files.
 *
 * @param cluster id of the Kafka cluster
 * @param prefix of the topics; empty for all prefixes if there is no run
 * @param run id of the run; empty for all runs
 * @param runHash of the first file of the run, which a replacement does not change; empty for all
 *     runs
 */
public record DirectoryOwner(String cluster, String prefix, String run, String runHash) {

  /** Name of the file in the directory. */
  public static final String FILE = ".owner.properties";

  /**
   * The cluster of this namespace as the owner of a directory, for all prefixes and runs. Asks the
   * broker for its id.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker responds
   */
  public static DirectoryOwner cluster(Namespace namespace) {
    return new DirectoryOwner(TopicCreator.clusterId(namespace), "", "", "");
  }

  /**
   * A run of this namespace as the owner of a directory. Asks the broker for its id.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker responds
   */
  public static DirectoryOwner run(Namespace namespace, String run, String runHash) {
    return new DirectoryOwner(cluster(namespace).cluster(), namespace.prefix(), run, runHash);
  }

  /**
   * Makes this the owner of a directory without one, and creates it if it is missing.
   *
   * @throws IllegalStateException if the directory has another owner, naming both; nothing is
   *     changed
   */
  public void claim(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (Files.exists(file)) {
        DirectoryOwner owner = read(directory, Files.readString(file));
        if (!owner.equals(this)) {
          throw foreign(directory, owner);
        }
        return;
      }
      Files.createDirectories(directory);
      Path written = Files.createTempFile(directory, FILE, "");
      Files.writeString(written, text());
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("owner of " + directory, e);
    }
  }

  private IllegalStateException foreign(Path directory, DirectoryOwner owner) {
    return new IllegalStateException(
        "directory %s belongs to %s (expected: %s); use the broker, the prefix and the run file that it was written with, or another --data-dir; nothing was changed"
            .formatted(directory, owner.named(), named()));
  }

  private String named() {
    return run.isEmpty()
        ? "cluster '%s'".formatted(cluster)
        : "cluster '%s', prefix '%s', run '%s' with hash %s"
            .formatted(cluster, prefix, run, runHash);
  }

  private String text() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("cluster", cluster);
    properties.setProperty("prefix", prefix);
    properties.setProperty("run", run);
    properties.setProperty("run-hash", runHash);
    StringWriter text = new StringWriter();
    properties.store(text, "The topics that the files of this directory belong to");
    return text.toString();
  }

  private static DirectoryOwner read(Path directory, String text) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      throw damaged(directory);
    }
    for (String key : List.of("cluster", "prefix", "run", "run-hash")) {
      if (properties.getProperty(key) == null) {
        throw damaged(directory);
      }
    }
    return new DirectoryOwner(
        properties.getProperty("cluster"),
        properties.getProperty("prefix"),
        properties.getProperty("run"),
        properties.getProperty("run-hash"));
  }

  private static IllegalStateException damaged(Path directory) {
    return new IllegalStateException(
        "file %s is damaged (expected: cluster, prefix, run and run-hash); remove it if the directory belongs to these topics"
            .formatted(directory.resolve(FILE)));
  }
}
