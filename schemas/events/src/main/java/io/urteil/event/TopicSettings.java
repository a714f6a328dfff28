package io.urteil.event;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Partitions, replication, retention and compression with which topics are created. The keys are
 * {@code urteil.topics.SETTING} for all topics and {@code urteil.topics.TOPIC.SETTING} for one
 * topic, which takes precedence. {@link Topic} defines the defaults.
 *
 * <p>Existing topics are not changed; differences are reported, see {@link TopicCreator#create}.
 *
 * @param all overrides for all topics to which they apply
 * @param topics overrides for single topics
 */
public record TopicSettings(Overrides all, Map<Topic, Overrides> topics) {

  /** Prefix of every key. */
  public static final String PREFIX = "urteil.topics.";

  /** No overrides. */
  public static final TopicSettings DEFAULT = new TopicSettings(Overrides.NONE, Map.of());

  /** Topics that the topology joins by group; they must have the same number of partitions. */
  static final Set<Topic> CO_PARTITIONED = Set.of(Topic.PROMPTS, Topic.ROLLOUTS, Topic.JUDGEMENTS);

  private static final List<String> COMPRESSIONS =
      List.of("producer", "uncompressed", "gzip", "snappy", "lz4", "zstd");

  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  public TopicSettings {
    topics = Map.copyOf(topics);
  }

  /**
   * Settings of a topic; null for those that are not set.
   *
   * @param partitions number of partitions
   * @param replication replication factor
   * @param retentionMillis retention of records; -1 for unlimited
   * @param compression {@code compression.type} of the topic
   */
  public record Overrides(
      @Nullable Integer partitions,
      @Nullable Integer replication,
      @Nullable Long retentionMillis,
      @Nullable String compression) {

    /** No setting. */
    public static final Overrides NONE = new Overrides(null, null, null, null);

    private Overrides over(Overrides others) {
      return new Overrides(
          partitions == null ? others.partitions : partitions,
          replication == null ? others.replication : replication,
          retentionMillis == null ? others.retentionMillis : retentionMillis,
          compression == null ? others.compression : compression);
    }
  }

  /**
   * Parses settings by key.
   *
   * @param origin of the settings, for messages
   * @throws IllegalArgumentException with all invalid keys
   */
  public static TopicSettings of(Map<String, String> values, String origin) {
    List<String> problems = new ArrayList<>();
    Map<String, Overrides> read = new HashMap<>();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              try {
                set(read, key, value.strip());
              } catch (IllegalArgumentException e) {
                problems.add("%s: %s in %s".formatted(key, e.getMessage(), origin));
              }
            });
    Map<Topic, Overrides> topics = new EnumMap<>(Topic.class);
    read.forEach(
        (name, overrides) -> {
          if (!name.isEmpty()) {
            topics.put(topic(name), overrides);
          }
        });
    TopicSettings settings = new TopicSettings(read.getOrDefault("", Overrides.NONE), topics);
    Set<Integer> partitions =
        CO_PARTITIONED.stream().map(settings::partitions).collect(Collectors.toSet());
    if (partitions.size() > 1) {
      problems.add(
          "%s…partitions: %s in %s (expected: the same number, because the topology joins these topics)"
              .formatted(
                  PREFIX,
                  CO_PARTITIONED.stream()
                      .sorted()
                      .map(topic -> topic.baseName() + " " + settings.partitions(topic))
                      .collect(Collectors.joining(", ")),
                  origin));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return settings;
  }

  /**
   * Reads settings from a file in the Java properties format, in UTF-8.
   *
   * @throws IllegalArgumentException with all invalid keys
   * @throws NoSuchFileException when the file does not exist
   */
  public static TopicSettings ofFile(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Properties read = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(text);
    }
    return of(
        read.stringPropertyNames().stream().collect(Collectors.toMap(k -> k, read::getProperty)),
        file.toString());
  }

  /** The number of partitions with which a topic is created. */
  public int partitions(Topic topic) {
    Integer set = overrides(topic).partitions();
    return set == null ? topic.partitions() : set;
  }

  /** The overrides of a topic, including those for all topics. */
  public Overrides overrides(Topic topic) {
    Overrides shared =
        new Overrides(
            topic.hasOnePartition() ? null : all.partitions(),
            all.replication(),
            topic.isCompacted() ? null : all.retentionMillis(),
            all.compression());
    return topics.getOrDefault(topic, Overrides.NONE).over(shared);
  }

  NewTopic definition(Namespace namespace, Topic topic, int brokers) {
    Overrides set = overrides(topic);
    Integer replication = set.replication();
    return new NewTopic(
            topic.in(namespace),
            partitions(topic),
            (short) (replication == null ? Math.min(3, brokers) : replication))
        .configs(configuration(topic));
  }

  private Map<String, String> configuration(Topic topic) {
    Map<String, String> configuration = new HashMap<>(topic.configuration());
    configuration.putAll(overridden(topic));
    return configuration;
  }

  /** The overridden topic configuration, by Kafka's names. */
  Map<String, String> overridden(Topic topic) {
    Overrides set = overrides(topic);
    Map<String, String> configuration = new TreeMap<>();
    Optional.ofNullable(set.retentionMillis())
        .ifPresent(millis -> configuration.put(TopicConfig.RETENTION_MS_CONFIG, "" + millis));
    Optional.ofNullable(set.compression())
        .ifPresent(type -> configuration.put(TopicConfig.COMPRESSION_TYPE_CONFIG, type));
    return configuration;
  }

  private static void set(Map<String, Overrides> read, String key, String value) {
    if (!key.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "unknown (expected: a key that starts with " + PREFIX + ")");
    }
    String rest = key.substring(PREFIX.length());
    int dot = rest.lastIndexOf('.');
    String name = dot < 0 ? "" : rest.substring(0, dot);
    @Nullable Topic topic = name.isEmpty() ? null : topic(name);
    Overrides one =
        switch (rest.substring(dot + 1)) {
          case "partitions" -> new Overrides(partitions(topic, value), null, null, null);
          case "replication" -> new Overrides(null, number(value, 1, Short.MAX_VALUE), null, null);
          case "retention" -> new Overrides(null, null, retention(topic, value), null);
          case "compression" -> new Overrides(null, null, null, compression(value));
          default ->
              throw new IllegalArgumentException(
                  "unknown (expected: partitions, replication, retention or compression)");
        };
    read.merge(name, one, (before, more) -> more.over(before));
  }

  private static Topic topic(String name) {
    return Arrays.stream(Topic.values())
        .filter(topic -> topic.baseName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no topic '%s' (expected: one of %s)"
                        .formatted(
                            name, Arrays.stream(Topic.values()).map(Topic::baseName).toList())));
  }

  private static int partitions(@Nullable Topic topic, String value) {
    if (topic != null && topic.hasOnePartition()) {
      if (number(value, 1, Integer.MAX_VALUE) != 1) {
        throw new IllegalArgumentException(
            value + " (expected: 1, because its readers require a total order)");
      }
      return 1;
    }
    return number(value, 1, 10_000);
  }

  private static int number(String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same message.
    }
    throw new IllegalArgumentException(
        "%s (expected: an integer from %d to %d)".formatted(value, least, most));
  }

  private static long retention(@Nullable Topic topic, String value) {
    if (topic != null && topic.isCompacted()) {
      throw new IllegalArgumentException(
          value + " (expected: no retention, because the topic is compacted)");
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.equals("forever")) {
      return -1;
    }
    Matcher matcher = DURATION.matcher(lower);
    try {
      if (matcher.matches()) {
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
            switch (matcher.group(2)) {
              case "ms" -> Duration.ofMillis(amount);
              case "s" -> Duration.ofSeconds(amount);
              case "m" -> Duration.ofMinutes(amount);
              case "h" -> Duration.ofHours(amount);
              default -> Duration.ofDays(amount);
            };
        if (duration.isPositive()) {
          return duration.toMillis();
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Falls through: the duration is too long.
    }
    throw new IllegalArgumentException(
        value + " (expected: a duration such as 12h or 7d, or forever)");
  }

  private static String compression(String value) {
    if (!COMPRESSIONS.contains(value)) {
      throw new IllegalArgumentException(value + " (expected: one of " + COMPRESSIONS + ")");
    }
    return value;
  }
}
