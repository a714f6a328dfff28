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

  /** Settings of Kafka Streams. */
  interface Streams {

    /** Number of stream threads. */
    @WithDefault("1")
    int threads();

    /**
     * Commit interval of transactions under load. Without load a transaction commits as soon as a
     * group or batch closes.
     */
    @WithDefault("100ms")
    Duration commitInterval();

    /**
     * Consumer session timeout, after which the broker treats a topology without heartbeats as
     * dead.
     */
    @WithDefault("6s")
    Duration sessionTimeout();
  }

  /** Settings of groups. */
  interface Groups {

    /**
     * Interval of deadline checks; a quarter of it while more groups are due than one check may
     * close.
     */
    @WithDefault("100ms")
    Duration clockInterval();

    /** Retention of the markers of closed groups, which identify late events. */
    @WithDefault("24h")
    Duration tombstoneRetention();
  }
}
