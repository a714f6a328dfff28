package io.urteil.service.app;

import io.urteil.event.Namespace;
import io.urteil.event.TopicSettings;
import io.urteil.kafka.KafkaProperties;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;

/**
 * The namespace of a service application, from {@code urteil.namespace.*}, {@code urteil.topics.*}
 * and the Kafka client properties {@code urteil.kafka.*}.
 */
@Singleton
public final class Namespaces {

  private static final String KAFKA = "urteil.kafka.";

  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String ORIGIN = "the configuration";

  private final NamespaceConfig config;
  private final Config values;

  Namespaces(NamespaceConfig config, Config values) {
    this.config = config;
    this.values = values;
  }

  /**
   * Rejects unknown settings that SmallRye ignores.
   *
   * @param mappings configuration mappings of this service
   * @throws IllegalArgumentException naming every unknown key
   */
  void rejectUnknown(Collection<Class<?>> mappings) {
    Set<Class<?>> all = new HashSet<>(mappings);
    all.add(NamespaceConfig.class);
    List<String> unknown =
        ConfigKeys.unknown(
            all,
            values.getPropertyNames(),
            name -> String.valueOf(values.getConfigValue(name).getSourceName()),
            System.getenv().keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: unknown (expected: keys of ops/docs/configuration.md)"
              .formatted(String.join(", ", unknown)));
    }
  }

  /**
   * The namespace of the configuration.
   *
   * @throws IllegalArgumentException naming every invalid property of clients or topics
   */
  Namespace namespace() {
    Map<String, String> clients = properties(values, KAFKA);
    String bootstrap = clients.remove(BOOTSTRAP);
    Map<String, String> topics = new TreeMap<>();
    properties(values, TopicSettings.PREFIX)
        .forEach((name, value) -> topics.put(TopicSettings.PREFIX + name, value));
    return new Namespace(
            bootstrap == null ? "127.0.0.1:9092" : bootstrap,
            config.prefix().orElse(""),
            config.dataDir().toAbsolutePath().normalize())
        .with(KafkaProperties.of(clients, ORIGIN))
        .with(TopicSettings.of(topics, ORIGIN))
        .withFilesBelow(config.modelRoots().orElse(List.of()));
  }

  /** The properties with this prefix, by the rest of their name. */
  private static Map<String, String> properties(Config values, String prefix) {
    Map<String, String> found = new TreeMap<>();
    for (String name : values.getPropertyNames()) {
      if (name.startsWith(prefix)) {
        values
            .getOptionalValue(name, String.class)
            .ifPresent(
                value -> found.put(name.substring(prefix.length()).replace("\"", ""), value));
      }
    }
    return found;
  }
}
