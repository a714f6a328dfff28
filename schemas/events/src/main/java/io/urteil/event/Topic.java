package io.urteil.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics, as code: name, key, partitions, how long records are kept.
 *
 * <p>Topics keyed by group are co-partitioned, since the topology joins them. Records that an audit
 * needs have unlimited retention by default. {@link TopicSettings} change partitions, replication,
 * retention and compression.
 */
public enum Topic {
  PROMPTS("prompts", Keep.FOREVER),
  ROLLOUTS("rollouts", Keep.FOREVER),
  ROLLOUT_GROUPS("rollout-groups", Keep.A_WEEK),
  JUDGEMENTS("judgements", Keep.FOREVER),
  SHADOW_JUDGEMENTS("shadow-judgements", Keep.FOREVER),
  REWARDS("rewards", Keep.FOREVER),
  GROUPS("groups", Keep.FOREVER),
  BATCHES("batches", Keep.FOREVER),
  UPDATES("updates", Keep.FOREVER),
  CHECKPOINTS("checkpoints", Keep.FOREVER),
  CHECKPOINT_HEAD("checkpoint-head", Keep.LAST_OF_KEY),
  RUNS("runs", Keep.LAST_OF_KEY),
  PROGRESS("progress", Keep.LAST_OF_KEY),
  DEAD_LETTERS("dead-letters", Keep.FOREVER),
  SCHEMAS("schemas", Keep.LAST_OF_KEY);

  /** Largest record, in bytes; brokers, clients and changelogs are set to the same limit. */
  public static final int MAX_RECORD_BYTES = 8 << 20;

  /** Partitions of every topic that is keyed by group or run, unless they are set otherwise. */
  public static final int DEFAULT_PARTITIONS = 4;

  private enum Keep {
    FOREVER,
    A_WEEK,
    LAST_OF_KEY
  }

  private final String baseName;
  private final Keep keep;

  Topic(String baseName, Keep keep) {
    this.baseName = baseName;
    this.keep = keep;
  }

  /** The topic's name without prefix, as in the documentation. */
  public String baseName() {
    return baseName;
  }

  /** The topic's full name for this tenant. */
  public String in(Namespace place) {
    return place.named(baseName);
  }

  /** Whether only the last record of each key is kept. */
  public boolean isCompacted() {
    return keep == Keep.LAST_OF_KEY;
  }

  /** Whether readers depend on the order of all records, or identify them by offset alone. */
  public boolean hasOnePartition() {
    return switch (this) {
      case RUNS, SCHEMAS, PROGRESS, CHECKPOINT_HEAD, DEAD_LETTERS -> true;
      default -> false;
    };
  }

  /** Partitions of the topic, unless {@link TopicSettings} define others. */
  public int partitions() {
    return hasOnePartition() ? 1 : DEFAULT_PARTITIONS;
  }

  /** Kafka's configuration of the topic, without that of {@link TopicSettings}. */
  Map<String, String> configuration() {
    Map<String, String> retention =
        switch (keep) {
          case FOREVER -> Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
          case A_WEEK ->
              Map.of(TopicConfig.RETENTION_MS_CONFIG, "" + Duration.ofDays(7).toMillis());
          case LAST_OF_KEY ->
              Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        };
    Map<String, String> configuration = new HashMap<>(retention);
    configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + MAX_RECORD_BYTES);
    return configuration;
  }
}
