package io.urteil.topology.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Configuration of a topology process. */
@ConfigMapping(prefix = "urteil.topology")
public interface TopologyConfig {

  /** Directory of jars with reward rules, advantages and batch kinds. */
  Optional<Path> plugins();

  /** Kafka Streams. */
  Streams streams();

  /** Open and closed groups. */
  Groups groups();

  /** How Kafka Streams runs. */
  interface Streams {

    /** Streams threads. */
    @WithDefault("1")
    int threads();

    /**
     * How often a transaction ends under load; without load one ends as soon as a group or batch
     * has closed.
     */
    @WithDefault("100ms")
    Duration commitInterval();

    /** Time after which the broker declares a silent topology dead. */
    @WithDefault("6s")
    Duration sessionTimeout();
  }

  /** How groups are kept. */
  interface Groups {

    /**
     * How often deadlines are checked; four times as often while more is due than one check may
     * close.
     */
    @WithDefault("100ms")
    Duration clockInterval();

    /** How long a closed group is remembered, so that late events for it are recognised. */
    @WithDefault("24h")
    Duration tombstoneRetention();
  }
}
