package io.urteil.service.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The keys of configuration mappings, and the detection of unknown settings. */
public final class ConfigKeys {

  private static final String PREFIX = "urteil.";

  /**
   * Groups of keys of all services. A shared configuration file may contain the keys of other
   * services.
   */
  private static final Set<String> GROUPS =
      Set.of(
          "judge",
          "sampler",
          "feeder",
          "engine",
          "topology",
          "trainer",
          "namespace",
          "kafka",
          "topics");

  private ConfigKeys() {}

  /** Every key of a mapping with its default; empty without one. */
  public static Map<String, String> of(Class<?> mapping) {
    Map<String, String> keys = new TreeMap<>();
    ConfigMapping root =
        Objects.requireNonNull(mapping.getAnnotation(ConfigMapping.class), mapping.getName());
    add(root.prefix(), mapping, keys);
    return keys;
  }

  private static void add(String prefix, Class<?> mapping, Map<String, String> keys) {
    for (Method method : mapping.getDeclaredMethods()) {
      String key = prefix + "." + kebab(method.getName());
      if (method.getReturnType().isInterface()
          && method.getReturnType().getDeclaringClass() == mapping) {
        add(key, method.getReturnType(), keys);
      } else {
        WithDefault fallback = method.getAnnotation(WithDefault.class);
        keys.put(key, fallback == null ? "" : fallback.value());
      }
    }
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The environment variable of a key. */
  static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /**
   * The unknown settings that SmallRye ignores: keys of unknown groups, and environment variables
   * with the prefix of a group of this service that match no key.
   *
   * @param mappings configuration mappings of this service
   * @param names names of all properties
   * @param source the configuration source of a property
   * @param variables names of all environment variables
   */
  static List<String> unknown(
      Collection<Class<?>> mappings,
      Iterable<String> names,
      Function<String, String> source,
      Collection<String> variables) {
    Set<String> known = new TreeSet<>();
    Set<String> prefixes = new TreeSet<>();
    for (Class<?> mapping : mappings) {
      for (String key : of(mapping).keySet()) {
        known.add(variable(key));
        prefixes.add(variable(PREFIX + group(key) + "."));
      }
    }
    Set<String> unknown = new TreeSet<>();
    for (String name : names) {
      if (name.startsWith(PREFIX)
          && !GROUPS.contains(group(name))
          && !source.apply(name).startsWith("EnvConfigSource")) {
        unknown.add(name);
      }
    }
    for (String variable : variables) {
      if (!known.contains(variable) && prefixes.stream().anyMatch(variable::startsWith)) {
        unknown.add(variable);
      }
    }
    return List.copyOf(unknown);
  }

  private static String group(String key) {
    return key.substring(PREFIX.length()).replaceFirst("\\..*", "");
  }
}
