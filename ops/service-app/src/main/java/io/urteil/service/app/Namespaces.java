package io.urteil.service.app;

import io.urteil.event.Namespace;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;

/**
 * The namespace of a service application: {@code urteil.namespace.*}, and {@code urteil.kafka.*}
 * for the Kafka clients, whose properties have the names that Kafka gives them.
 */
@Singleton
public final class Namespaces {

  static final String KAFKA = "urteil.kafka.";

  private static final String BOOTSTRAP = "bootstrap.servers";

  private final NamespaceConfig config;
  private final Config values;
  private final Map<String, String> kafka;

  Namespaces(NamespaceConfig config, Config values) {
    this.config = config;
    this.values = values;
    this.kafka = properties(values, KAFKA);
  }

  /**
   * Refuses settings that SmallRye passes over.
   *
   * @param mappings of this service
   * @throws IllegalArgumentException naming every unknown key
   */
  void refuseUnknown(Collection<Class<?>> mappings) {
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
          "%s: unknown (expected: keys of configuration.md)".formatted(String.join(", ", unknown)));
    }
  }

  Namespace namespace() {
    return new Namespace(
        kafka.getOrDefault(BOOTSTRAP, "127.0.0.1:9092"),
        config.prefix().orElse(""),
        config.dataDir().toAbsolutePath().normalize());
  }

  /** Every property that begins with this prefix, without it. */
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
