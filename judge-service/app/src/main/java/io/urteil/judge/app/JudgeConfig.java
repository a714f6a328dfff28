package io.urteil.judge.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Configuration of a judge service process, and of its judge worker. */
@ConfigMapping(prefix = "urteil.judge")
public interface JudgeConfig {

  /** What a process of the judge service can run. */
  enum Role {
    JUDGE,
    SAMPLER,
    FEEDER
  }

  /** What this process runs: {@code judge}, {@code sampler}, {@code feeder}. */
  @WithDefault("judge")
  List<Role> roles();

  /** Directory of jars with judge plug-ins. */
  Optional<Path> plugins();

  /** How long a worker keeps what it took. */
  Lock lock();

  /** How much a worker takes at once. */
  Poll poll();

  /** How a judge is called. */
  Call call();

  /** The judges' models. */
  Model model();

  /** Acquisition locks of the share groups. */
  interface Lock {

    /**
     * How long the broker leaves a rollout with a worker that does not renew it; a live worker
     * renews after a third of it.
     */
    @WithDefault("60s")
    Duration duration();

    /**
     * How often a rollout is handed out; the last time it is {@code FAILED}, with a dead letter.
     */
    @WithDefault("5")
    int deliveryLimit();
  }

  /** Records of one poll. */
  interface Poll {

    /** Most rollouts that a worker takes at once. */
    @WithDefault("500")
    int records();

    /** Most groups that a worker takes at once, for judges that compare members. */
    @WithDefault("32")
    int groups();
  }

  /** Slots of a judge's model. */
  interface Model {

    /** Sequences of a judge's model that decode together. */
    @WithDefault("64")
    int slots();

    /** Longest sequence, prompt and answer together, unless the model's own limit is lower. */
    @WithDefault("4096")
    int slotCapacity();

    /** Memory for the keys and values of one judge's model. */
    @WithDefault("512M")
    MemorySize cache();
  }

  /** Calls of a judge for one rollout. */
  interface Call {

    /** How often a judge may throw before the rollout is {@code FAILED}. */
    @WithDefault("4")
    int tries();

    /** Pause after the first throw; doubles, with jitter of half of it. */
    @WithDefault("100ms")
    Duration backOff();

    /** Longest time for one rollout, all tries together, before it is {@code TIMED_OUT}. */
    @WithDefault("60s")
    Duration timeLimit();
  }
}
