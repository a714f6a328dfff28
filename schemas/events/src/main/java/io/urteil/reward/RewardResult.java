package io.urteil.reward;

import io.urteil.event.RewardStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What a rule pays for one member, or why it pays nothing. */
public sealed interface RewardResult {

  /** Whether the verdict agrees with the reference; null when there is nothing to compare. */
  @Nullable Boolean right();

  /** A reward; its value is the sum of its named parts, in their order. */
  record Paid(SequencedMap<String, Double> parts, @Nullable Boolean right) implements RewardResult {
    public Paid {
      parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    /** The reward. */
    public double value() {
      double sum = 0;
      for (double part : parts.values()) {
        sum += part;
      }
      return sum;
    }
  }

  /** No reward. The status is never PAID. */
  record Unpaid(RewardStatus status, String reason, @Nullable Boolean right)
      implements RewardResult {}
}
