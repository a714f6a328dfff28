package io.urteil.reward;

import io.urteil.event.RewardStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The reward of one member, or the reason why it has none. */
public sealed interface RewardResult {

  /** Whether the verdict agrees with the reference; null if there is nothing to compare. */
  @Nullable Boolean right();

  /** Largest reward and part: sums of squares of a group stay far from overflow, also in floats. */
  double MAX_MAGNITUDE = 1e12;

  /**
   * This result, or no reward if its value or a part is not a number up to {@link #MAX_MAGNITUDE},
   * as when a scale makes a large score overflow: neither infinity nor NaN may leave the topology
   * as a number, nor a reward from which they would be computed.
   */
  default RewardResult bounded() {
    if (this instanceof Scored scored) {
      boolean bounded =
          isBounded(scored.value())
              && scored.parts().values().stream().allMatch(RewardResult::isBounded);
      if (!bounded) {
        return new Unscored(
            RewardStatus.UNPRICED,
            "reward: %s of parts %s (expected: finite numbers up to %s)"
                .formatted(scored.value(), scored.parts(), MAX_MAGNITUDE),
            scored.right());
      }
    }
    return this;
  }

  private static boolean isBounded(double value) {
    // False for NaN.
    return Math.abs(value) <= MAX_MAGNITUDE;
  }

  /**
   * A reward; its value is the sum of its named parts.
   *
   * @param parts in the order in which they are summed
   */
  record Scored(SequencedMap<String, Double> parts, @Nullable Boolean right)
      implements RewardResult {
    public Scored {
      parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    /** A reward of one part. */
    public static Scored of(String part, double value, @Nullable Boolean right) {
      return new Scored(new LinkedHashMap<>(Map.of(part, value)), right);
    }

    /** The reward. */
    public double value() {
      double sum = 0;
      for (double part : parts.values()) {
        sum += part;
      }
      return sum;
    }

    /** The reward with one more part, added last. */
    public Scored with(String part, double value) {
      SequencedMap<String, Double> more = new LinkedHashMap<>(parts);
      more.put(part, value);
      return new Scored(more, right);
    }
  }

  /**
   * No reward.
   *
   * @param status the cause; never {@link RewardStatus#PAID}
   */
  record Unscored(RewardStatus status, String reason, @Nullable Boolean right)
      implements RewardResult {
    public Unscored {
      if (status == RewardStatus.PAID) {
        throw new IllegalArgumentException(
            "status: %s (expected: the reason why there is no reward)".formatted(status));
      }
    }
  }
}
