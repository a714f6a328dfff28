package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway treats the requests of contracts that submit single samples.
 *
 * @param samples whether a sample is judged alone or with the others of its prompt
 * @param size samples of a complete cohort; null for {@code group.samplesPerArm}
 * @param longestWait time after its first sample after which a cohort is judged with those that
 *     came
 */
public record GatewaySection(Samples samples, @Nullable Integer size, Duration longestWait) {

  /** Least number of samples that are compared. */
  private static final int LEAST_SIZE = 2;

  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);

  /** The client that waits for the shortest time, that of slime, is held for 110 seconds. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(100);

  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(20);

  /** Each sample is judged alone. */
  public static final GatewaySection DEFAULT =
      new GatewaySection(Samples.ALONE, null, DEFAULT_WAIT);

  /** What is judged together. */
  public enum Samples {
    /** Each sample is a group. */
    ALONE,
    /** The samples of a prompt are a group. */
    BY_PROMPT;

    /** The value in a run file. */
    public String spelling() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static GatewaySection of(Keys<GatewaySection> keys, GroupSection group) {
    GatewaySection gateway =
        new GatewaySection(
            keys.choice(
                "samples",
                GatewaySection::samples,
                Samples.class,
                Samples.ALONE,
                "For contracts that submit single samples: whether each is judged alone, or the"
                    + " samples of a prompt are judged together."),
            keys.optionalInteger(
                "size",
                GatewaySection::size,
                Bounds.integer(LEAST_SIZE, GroupSection.MAX_MEMBERS),
                "For by-prompt: samples of a prompt that are judged together without waiting for"
                    + " others."),
            keys.duration(
                "wait",
                GatewaySection::longestWait,
                DEFAULT_WAIT,
                "For by-prompt: time after the first sample, from 1s to 100s, after which those"
                    + " that came are judged together."));
    gateway.check(keys, group);
    return gateway;
  }

  private void check(Keys<GatewaySection> keys, GroupSection group) {
    if (size != null && size > GroupSection.MAX_MEMBERS) {
      keys.problem("size", "at most %d".formatted(GroupSection.MAX_MEMBERS));
    }
    if (longestWait.compareTo(LEAST_WAIT) < 0 || longestWait.compareTo(LONGEST_WAIT) > 0) {
      keys.problem(
          "wait",
          "a duration from 1s to 100s, since clients wait for two minutes, judging included");
    }
    if (samples == Samples.ALONE) {
      if (size != null) {
        keys.problem("size", "no size with samples: alone, or samples: by-prompt");
      }
      if (!longestWait.equals(DEFAULT_WAIT)) {
        keys.problem("wait", "no wait with samples: alone, or samples: by-prompt");
      }
    } else {
      if (group.arms().size() > 1) {
        keys.problem(
            "samples",
            "alone with the arms %s, since these contracts name no arm".formatted(group.arms()));
      }
      if (size == null && group.samplesPerArm() < LEAST_SIZE) {
        keys.problem("size", "at least %d, since group.samplesPerArm is 1".formatted(LEAST_SIZE));
      }
    }
  }

  /** Samples of a complete cohort. */
  public int size(GroupSection group) {
    return size == null ? group.samplesPerArm() : size;
  }
}
