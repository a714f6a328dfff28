package io.urteil.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * The user's properties for all Kafka clients, above all for security: {@code security.protocol},
 * {@code sasl.*}, {@code ssl.*}. They take precedence over Urteil's defaults. Properties on which
 * its guarantees depend are rejected.
 *
 * <p>A property of only one kind of client, such as {@code linger.ms}, is passed to that kind. An
 * unknown property is rejected if its first word is one of Kafka's, which detects misspelt keys;
 * other unknown properties belong to a plug-in class and are passed to every client.
 *
 * <p>Values may be secrets: {@link #toString()} names the keys only, and no message shows a value.
 */
public final class KafkaProperties {

  /** No properties. */
  public static final KafkaProperties NONE = new KafkaProperties(new TreeMap<>());

  /** Prefix of environment variables; see {@link #ofEnvironment}. */
  public static final String ENVIRONMENT_PREFIX = "URTEIL_KAFKA_";

  private static final String GUARANTEES = "its delivery guarantees depend on it";
  private static final String FORMAT = "it defines the format of its records";
  private static final String IDENTITY = "it names its groups and transactions itself";
  private static final String RECORD_SIZE = "records may have up to 8 MB";
  private static final String SETTINGS = "a setting of the component defines it";

  /** Keys that Urteil defines itself, with the reason. */
  private static final Map<String, String> OWNED =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "the option --bootstrap defines it"),
          Map.entry("bootstrap.controllers", "it connects to brokers"),
          Map.entry("key.serializer", FORMAT),
          Map.entry("value.serializer", FORMAT),
          Map.entry("key.deserializer", FORMAT),
          Map.entry("value.deserializer", FORMAT),
          Map.entry("acks", GUARANTEES),
          Map.entry("enable.idempotence", GUARANTEES),
          Map.entry("max.in.flight.requests.per.connection", GUARANTEES),
          Map.entry("isolation.level", GUARANTEES),
          Map.entry("auto.offset.reset", GUARANTEES),
          Map.entry("enable.auto.commit", GUARANTEES),
          Map.entry("partitioner.class", GUARANTEES),
          Map.entry("partitioner.ignore.keys", GUARANTEES),
          Map.entry("partition.assignment.strategy", GUARANTEES),
          Map.entry("exclude.internal.topics", GUARANTEES),
          Map.entry("allow.auto.create.topics", "it creates its topics itself"),
          Map.entry("transaction.two.phase.commit.enable", GUARANTEES),
          Map.entry("share.acknowledgement.mode", GUARANTEES),
          Map.entry("share.acquire.mode", GUARANTEES),
          Map.entry("group.id", IDENTITY),
          Map.entry("group.instance.id", IDENTITY),
          Map.entry("group.protocol", IDENTITY),
          Map.entry("transactional.id", IDENTITY),
          Map.entry("max.request.size", RECORD_SIZE),
          Map.entry("max.partition.fetch.bytes", RECORD_SIZE),
          Map.entry("max.poll.records", SETTINGS),
          Map.entry("session.timeout.ms", SETTINGS),
          Map.entry("heartbeat.interval.ms", SETTINGS));

  private static final Set<String> PRODUCER = ProducerConfig.configNames();
  private static final Set<String> CONSUMER = ConsumerConfig.configNames();
  private static final Set<String> ADMIN = AdminClientConfig.configNames();
  private static final Set<String> KNOWN =
      Stream.of(PRODUCER, CONSUMER, ADMIN)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> FIRST_WORDS =
      KNOWN.stream().map(KafkaProperties::firstWord).collect(Collectors.toUnmodifiableSet());

  private final TreeMap<String, String> values;

  private KafkaProperties(TreeMap<String, String> values) {
    this.values = values;
  }

  /**
   * Validates properties.
   *
   * @param origin of the properties, for messages
   * @throws IllegalArgumentException with all rejected keys
   */
  public static KafkaProperties of(Map<String, String> values, String origin) {
    TreeMap<String, String> accepted = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              String problem = problem(key);
              if (problem == null) {
                accepted.put(key, value.strip());
              } else {
                problems.add("%s: %s in %s".formatted(key, problem, origin));
              }
            });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new KafkaProperties(accepted);
  }

  /**
   * Reads properties from a file in the Java properties format, in UTF-8.
   *
   * @throws IllegalArgumentException with all rejected keys
   * @throws NoSuchFileException when the file does not exist
   */
  public static KafkaProperties ofFile(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Properties read = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(text);
    }
    Map<String, String> values = new HashMap<>();
    read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
    return of(values, file.toString());
  }

  /**
   * Reads properties from environment variables with the {@linkplain #ENVIRONMENT_PREFIX prefix}.
   * The rest of the name is converted to lower case with dots for underscores: {@code
   * SASL_JAAS_CONFIG} becomes {@code sasl.jaas.config}.
   *
   * @throws IllegalArgumentException with all rejected keys
   */
  public static KafkaProperties ofEnvironment(Map<String, String> environment) {
    Map<String, String> values = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            String key = name.substring(ENVIRONMENT_PREFIX.length());
            values.put(key.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    return of(values, "the environment (" + ENVIRONMENT_PREFIX + "…)");
  }

  /** These properties and the others, which take precedence. */
  public KafkaProperties with(KafkaProperties others) {
    TreeMap<String, String> both = new TreeMap<>(values);
    both.putAll(others.values);
    return new KafkaProperties(both);
  }

  /** Whether there are no properties. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The keys, in order. */
  public Set<String> keys() {
    return Set.copyOf(values.keySet());
  }

  /** The value of a key, possibly a secret; null without one. */
  public @Nullable String get(String key) {
    return values.get(key);
  }

  /** All properties, for Kafka Streams; may contain secrets. */
  public Map<String, String> all() {
    return new TreeMap<>(values);
  }

  /** The properties for producers; may contain secrets. */
  public Map<String, String> forProducer() {
    return knownTo(PRODUCER);
  }

  /** The properties for consumers; may contain secrets. */
  public Map<String, String> forConsumer() {
    return knownTo(CONSUMER);
  }

  /** The properties for admin clients; may contain secrets. */
  public Map<String, String> forAdmin() {
    return knownTo(ADMIN);
  }

  private Map<String, String> knownTo(Set<String> client) {
    Map<String, String> some = new HashMap<>(values);
    some.keySet().removeIf(key -> KNOWN.contains(key) && !client.contains(key));
    return some;
  }

  private static @Nullable String problem(String key) {
    String owned = OWNED.get(key);
    if (owned != null) {
      return "not allowed (expected: no value, because Urteil defines it; %s)".formatted(owned);
    }
    if (key.isBlank()) {
      return "no key (expected: a property of Kafka's clients)";
    }
    if (!KNOWN.contains(key) && FIRST_WORDS.contains(firstWord(key)) && !isOfAPlugIn(key)) {
      return "unknown (expected: a property of Kafka's clients)";
    }
    return null;
  }

  /** Configuration providers and SSL engine factories have parameters with arbitrary names. */
  private static boolean isOfAPlugIn(String key) {
    return key.startsWith("config.providers") || key.startsWith("ssl.engine.factory.");
  }

  private static String firstWord(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : key.substring(0, dot);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KafkaProperties that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values);
  }

  /** The keys only, because values may be secrets. */
  @Override
  public String toString() {
    return "KafkaProperties" + values.keySet();
  }
}
