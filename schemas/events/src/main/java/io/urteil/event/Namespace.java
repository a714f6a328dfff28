package io.urteil.event;

import static java.util.Objects.requireNonNull;

import io.urteil.kafka.ClusterAccess;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.kafka.KafkaProperties;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a part of Urteil runs, and all that a part is ever given: whatever else it needs to know is
 * on the log. So no hop between two parts can be a method call.
 *
 * @param bootstrap address of the Kafka brokers, {@code host:port[,host:port]}
 * @param prefix put before every topic name and group name; one prefix per tenant
 * @param dataDirectory where the part keeps files that outlive it; made when missing
 * @param kafka properties of every Kafka client, such as those for TLS and SASL
 * @param topics how topics are created
 */
public record Namespace(
    String bootstrap,
    String prefix,
    Path dataDirectory,
    KafkaProperties kafka,
    TopicSettings topics) {

  public Namespace {
    requireNonNull(bootstrap, "bootstrap");
    requireNonNull(prefix, "prefix");
    requireNonNull(dataDirectory, "dataDirectory");
    requireNonNull(kafka, "kafka");
    requireNonNull(topics, "topics");
    if (!prefix.matches("[A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "prefix: '" + prefix + "' (expected: letters, digits, '.', '_' or '-')");
    }
  }

  /** A place without client properties, with topics as they are by default. */
  public Namespace(String bootstrap, String prefix, Path dataDirectory) {
    this(bootstrap, prefix, dataDirectory, KafkaProperties.NONE, TopicSettings.DEFAULT);
  }

  /** The same place with these client properties. */
  public Namespace with(KafkaProperties properties) {
    return new Namespace(bootstrap, prefix, dataDirectory, properties, topics);
  }

  /** The same place with topics created by these settings. */
  public Namespace with(TopicSettings settings) {
    return new Namespace(bootstrap, prefix, dataDirectory, kafka, settings);
  }

  /** Another tenant of the same brokers, with a data directory of its own. */
  public Namespace ofTenant(String otherPrefix, Path otherDirectory) {
    return new Namespace(bootstrap, otherPrefix, otherDirectory, kafka, topics);
  }

  /**
   * The error itself, or a {@link ClusterAccessException} in its place when the brokers refused the
   * clients of this namespace or these refused the brokers.
   */
  public Throwable explained(Throwable thrown) {
    return ClusterAccess.explained(bootstrap, kafka, thrown, null);
  }

  /**
   * As {@link #explained(Throwable)}, to be thrown.
   *
   * @param resource what was asked for, such as {@code group samplers}; null where Kafka names it
   */
  public RuntimeException explained(RuntimeException thrown, @Nullable String resource) {
    return ClusterAccess.explained(bootstrap, kafka, thrown, resource)
            instanceof RuntimeException found
        ? found
        : thrown;
  }

  /** Name of a consumer group, Streams application or transaction of this tenant. */
  public String named(String name) {
    return prefix + name;
  }
}
