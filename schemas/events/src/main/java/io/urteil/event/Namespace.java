package io.urteil.event;

import static java.util.Objects.requireNonNull;

import io.urteil.file.FileRoots;
import io.urteil.kafka.ClusterAccess;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.kafka.KafkaProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka cluster, topic prefix and data directory of a component. A component receives nothing
 * else but its own settings; it exchanges all other data through topics, never by method calls
 * between components.
 *
 * @param bootstrap address of the Kafka brokers, {@code host:port[,host:port]}
 * @param prefix of every topic and group name; tenants on one cluster have different prefixes
 * @param dataDirectory for files that must survive a restart; created if missing
 * @param kafka properties of every Kafka client, such as those for TLS and SASL
 * @param topics settings with which topics are created
 * @param files that events and run files may name
 */
public record Namespace(
    String bootstrap,
    String prefix,
    Path dataDirectory,
    KafkaProperties kafka,
    TopicSettings topics,
    FileRoots files) {

  public Namespace {
    requireNonNull(bootstrap, "bootstrap");
    requireNonNull(prefix, "prefix");
    requireNonNull(dataDirectory, "dataDirectory");
    requireNonNull(kafka, "kafka");
    requireNonNull(topics, "topics");
    requireNonNull(files, "files");
    if (!prefix.matches("[A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "prefix: '" + prefix + "' (expected: letters, digits, '.', '_' or '-')");
    }
  }

  /** A namespace without Kafka properties, with default topics, where events may name any file. */
  public Namespace(String bootstrap, String prefix, Path dataDirectory) {
    this(
        bootstrap,
        prefix,
        dataDirectory,
        KafkaProperties.NONE,
        TopicSettings.DEFAULT,
        FileRoots.any());
  }

  /** This namespace with these Kafka properties. */
  public Namespace with(KafkaProperties properties) {
    return new Namespace(bootstrap, prefix, dataDirectory, properties, topics, files);
  }

  /** This namespace with these topic settings. */
  public Namespace with(TopicSettings settings) {
    return new Namespace(bootstrap, prefix, dataDirectory, kafka, settings, files);
  }

  /**
   * This namespace, where events and run files may name only files below the data directory and
   * these folders.
   */
  public Namespace withFilesBelow(List<Path> roots) {
    List<Path> all = new ArrayList<>(roots);
    all.addFirst(dataDirectory);
    return new Namespace(bootstrap, prefix, dataDirectory, kafka, topics, FileRoots.of(all));
  }

  /** The namespace of another tenant on the same brokers. */
  public Namespace ofTenant(String otherPrefix, Path otherDirectory) {
    return new Namespace(bootstrap, otherPrefix, otherDirectory, kafka, topics, files);
  }

  /**
   * A {@link ClusterAccessException} that explains the error, if it is a failure of authentication,
   * authorisation or TLS; otherwise the error itself.
   */
  public Throwable explained(Throwable thrown) {
    return ClusterAccess.explained(bootstrap, kafka, thrown, null);
  }

  /**
   * As {@link #explained(Throwable)}, for the caller to throw.
   *
   * @param resource the requested resource, such as {@code group samplers}; null if Kafka names it
   */
  public RuntimeException explained(RuntimeException thrown, @Nullable String resource) {
    return ClusterAccess.explained(bootstrap, kafka, thrown, resource)
            instanceof RuntimeException found
        ? found
        : thrown;
  }

  /** The prefixed name of a topic, group, Streams application or transactional id. */
  public String named(String name) {
    return prefix + name;
  }
}
