package io.urteil.judge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configuration of a judge service process, and of its judge worker. */
@ConfigMapping(prefix = "urteil.judge")
public interface JudgeConfig {

  /** The components of the judge service. */
  enum Role {
    JUDGE,
    SAMPLER,
    FEEDER
  }

  /** Components of this process: {@code judge}, {@code sampler}, {@code feeder}. */
  @WithDefault("judge")
  List<Role> roles();

  /** In place of the servers file: none. */
  String NO_FILE = "none";

  /**
   * YAML file that declares the servers of judges by name, with their URLs and keys, and the URLs
   * that run files may name.
   */
  @WithDefault(NO_FILE)
  String serversFile();

  /** Directory of jars with judge plug-ins. */
  Optional<Path> plugins();

  /** Acquisition locks. */
  Lock lock();

  /** Sizes of polls. */
  Poll poll();

  /** Retries and time limit of judge calls. */
  Call call();

  /** Models of the judges. */
  Model model();

  /** Acquisition locks of the share groups. */
  interface Lock {

    /**
     * Lock duration of a rollout. A worker renews its locks after a third of it; the broker
     * redelivers rollouts with an expired lock.
     */
    @WithDefault("60s")
    Duration duration();

    /**
     * Maximum deliveries of a rollout; on the last one the judgement is {@code FAILED}, with a dead
     * letter.
     */
    @WithDefault("10")
    int deliveryLimit();
  }

  /** Maximum records of one poll. */
  interface Poll {

    /** Maximum rollouts of one poll. */
    @WithDefault("500")
    int records();

    /** Maximum groups of one poll, for groupwise judges. */
    @WithDefault("32")
    int groups();
  }

  /** Slots of the model of a judge. */
  interface Model {

    /** Sequences that are decoded concurrently. */
    @WithDefault("64")
    int slots();

    /**
     * Maximum tokens of prompt and response together; the model's own limit applies if it is lower.
     */
    @WithDefault("4096")
    int slotCapacity();

    /**
     * Memory of the keys and values of one model; {@code auto} for a share of the memory that is
     * free.
     */
    @WithDefault("auto")
    String cache();
  }

  /** Calls of one judge for one rollout. */
  interface Call {

    /** Maximum calls that throw before the judgement is {@code FAILED}. */
    @WithDefault("4")
    int tries();

    /** Pause before the first retry; doubles with each retry, with a jitter of half of it. */
    @WithDefault("100ms")
    Duration backOff();

    /**
     * Time limit of all calls for one rollout together, after which the judgement is {@code
     * TIMED_OUT}.
     */
    @WithDefault("60s")
    Duration timeLimit();
  }
}
