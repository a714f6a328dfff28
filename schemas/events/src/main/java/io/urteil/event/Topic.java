package io.urteil.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics with their names, default partitions and default retention.
 *
 * <p>Topics keyed by group are co-partitioned, because the topology joins them. Records that an
 * audit reads have unlimited retention by default. {@link TopicSettings} can change partitions,
 * replication, retention and compression.
 */
public enum Topic {
  PROMPTS("prompts", Retention.UNLIMITED),
  ROLLOUTS("rollouts", Retention.UNLIMITED),
  ROLLOUT_GROUPS("rollout-groups", Retention.ONE_WEEK),
  JUDGEMENTS("judgements", Retention.UNLIMITED),
  SHADOW_JUDGEMENTS("shadow-judgements", Retention.UNLIMITED),
  REWARDS("rewards", Retention.UNLIMITED),
  GROUPS("groups", Retention.UNLIMITED),
  BATCHES("batches", Retention.UNLIMITED),
  UPDATES("updates", Retention.UNLIMITED),
  CHECKPOINTS("checkpoints", Retention.UNLIMITED),
  CHECKPOINT_HEAD("checkpoint-head", Retention.COMPACTED),
  RUNS("runs", Retention.COMPACTED),
  PROGRESS("progress", Retention.COMPACTED),
  DEAD_LETTERS("dead-letters", Retention.UNLIMITED),
  REQUESTS("requests", Retention.ONE_WEEK),
  SCHEMAS("schemas", Retention.COMPACTED);

  /** Maximum record size in bytes, for brokers, clients and changelogs. */
  public static final int MAX_RECORD_BYTES = 8 << 20;

  /** The same for {@link #RUNS}: a run file of the most characters, each of the most bytes. */
  private static final int MAX_RUN_BYTES = 1 << 20;

  /** The same for {@link #SCHEMAS}. */
  static final int MAX_SCHEMA_BYTES = 128 << 10;

  /** Default number of partitions of topics without {@linkplain #hasOnePartition one partition}. */
  public static final int DEFAULT_PARTITIONS = 4;

  /** Timestamp type of the topics keyed by group: the broker's time of the append. */
  static final String LOG_APPEND_TIME = "LogAppendTime";

  private enum Retention {
    UNLIMITED,
    ONE_WEEK,
    COMPACTED
  }

  private final String baseName;
  private final Retention retention;

  Topic(String baseName, Retention retention) {
    this.baseName = baseName;
    this.retention = retention;
  }

  /** The name without prefix, as in the documentation. */
  public String baseName() {
    return baseName;
  }

  /** The full name in this namespace. */
  public String in(Namespace namespace) {
    return namespace.named(baseName);
  }

  /** Whether the topic is compacted: Kafka retains the last record of each key. */
  public boolean isCompacted() {
    return retention == Retention.COMPACTED;
  }

  /** Whether readers require a total order of the records, or identify them by offset alone. */
  public boolean hasOnePartition() {
    return switch (this) {
      case RUNS, SCHEMAS, PROGRESS, CHECKPOINT_HEAD, DEAD_LETTERS -> true;
      default -> false;
    };
  }

  /** Default number of partitions; {@link TopicSettings} may override it. */
  public int partitions() {
    return hasOnePartition() ? 1 : DEFAULT_PARTITIONS;
  }

  /**
   * Whether records have the time of the broker, and not of a producer's clock: deadlines of groups
   * count from it, and a gateway looks for a group's records from the time of its request on.
   */
  boolean hasBrokerTime() {
    return TopicSettings.CO_PARTITIONED.contains(this) || this == REQUESTS;
  }

  /** Maximum record size in bytes: every process reads all of some topics when it starts. */
  private int maxRecordBytes() {
    return switch (this) {
      case RUNS -> MAX_RUN_BYTES;
      case SCHEMAS -> MAX_SCHEMA_BYTES;
      default -> MAX_RECORD_BYTES;
    };
  }

  /** The topic configuration without the overrides of {@link TopicSettings}. */
  Map<String, String> configuration() {
    Map<String, String> settings =
        switch (retention) {
          case UNLIMITED -> Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
          case ONE_WEEK ->
              Map.of(TopicConfig.RETENTION_MS_CONFIG, "" + Duration.ofDays(7).toMillis());
          case COMPACTED ->
              Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        };
    Map<String, String> configuration = new HashMap<>(settings);
    configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + maxRecordBytes());
    if (hasBrokerTime()) {
      configuration.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME);
    }
    return configuration;
  }
}
