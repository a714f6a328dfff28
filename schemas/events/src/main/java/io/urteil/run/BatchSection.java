package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * @param kind what closed groups become
 * @param groups groups in a batch; with {@code tokens}, the most
 * @param tokens trained tokens at which a batch is full before that; 0 for groups alone
 * @param zeroVariance what becomes of a group that teaches nothing, since its rewards are equal
 * @param order whether batches take groups by their ordinal or as they close
 * @param pairs which members of an arm become pairs
 * @param threshold the least reward of a demonstration
 */
public record BatchSection(
    Kind kind,
    int groups,
    int tokens,
    ZeroVariance zeroVariance,
    GroupOrder order,
    Pairs pairs,
    double threshold) {

  /** Eight groups of advantages, by ordinal. */
  public static final BatchSection DEFAULT = Keys.defaults(BatchSection::of);

  /** Batches of this many groups, without limit of tokens. */
  public BatchSection(Kind kind, int groups, ZeroVariance zeroVariance, GroupOrder order) {
    this(kind, groups, 0, zeroVariance, order, Pairs.BEST_WORST, 0);
  }

  /** What closed groups become. */
  public enum Kind {
    GRPO,
    PREFERENCE,
    DEMONSTRATION,
    NONE
  }

  /** What becomes of a group whose rewards are all equal. */
  public enum ZeroVariance {
    /** It stays in the batch, and in the count of tokens, with advantage 0. */
    KEEP_COUNT,
    /** It is filtered; its place in the batch stays empty. */
    DROP,
    /** It is filtered; its place is taken by the next group, for which admission makes room. */
    REFILL
  }

  /** Which members of an arm become pairs. */
  public enum Pairs {
    /** The best and the worst, the earlier of equals. */
    BEST_WORST,
    /** Every two with different rewards. */
    ALL
  }

  /** Which group comes next. */
  public enum GroupOrder {
    /** By the prompt's ordinal: batch b is the same whatever the timing. */
    ORDINAL,
    /** By the time of closing: no group waits for a slower one. */
    CLOSED
  }

  static BatchSection of(Keys<BatchSection> keys) {
    Kind kind =
        keys.choice(
            "kind",
            BatchSection::kind,
            Kind.class,
            Kind.GRPO,
            "What closed groups become. none scores without training.");
    int tokens =
        keys.whole(
            "tokens",
            BatchSection::tokens,
            0,
            Bounds.WHOLE_OR_NO_LIMIT,
            "Trained tokens at which a batch is full before it has all its groups.");
    BatchSection batch =
        new BatchSection(
            kind,
            keys.whole(
                "groups",
                BatchSection::groups,
                8,
                Bounds.WHOLE_FROM_1,
                "Groups in a batch; with tokens, the most."),
            tokens,
            keys.choice(
                "zeroVariance",
                BatchSection::zeroVariance,
                ZeroVariance.class,
                ZeroVariance.KEEP_COUNT,
                "What becomes of groups that teach nothing."),
            keys.choice(
                "order",
                BatchSection::order,
                GroupOrder.class,
                GroupOrder.ORDINAL,
                "Whether batches take groups by their prompt's ordinal, so that batch b is the same"
                    + " whatever the timing, or as they close."),
            keys.choice(
                "pairs",
                BatchSection::pairs,
                Pairs.class,
                Pairs.BEST_WORST,
                "For preference: which members of an arm become pairs."),
            keys.decidedElsewhere()
                .number(
                    "threshold",
                    BatchSection::threshold,
                    kind == Kind.DEMONSTRATION ? null : Double.valueOf(0),
                    Bounds.ANY.expecting("the least reward, a number"),
                    "For demonstration: rollouts with this reward and above are kept."));
    keys.first("kind", "groups", "tokens");
    if (keys.has("pairs") && kind != Kind.PREFERENCE) {
      keys.problem("pairs", "none without batch.kind preference");
    }
    if (keys.has("threshold") && kind != Kind.DEMONSTRATION) {
      keys.problem("threshold", "none without batch.kind demonstration");
    }
    return batch;
  }

  /** Another kind. What only one kind has a use for is the default of the other. */
  public BatchSection withKind(Kind other) {
    return new BatchSection(
        other,
        groups,
        tokens,
        zeroVariance,
        order,
        other == Kind.PREFERENCE ? pairs : Pairs.BEST_WORST,
        other == Kind.DEMONSTRATION ? threshold : 0);
  }

  /** Another number of groups. */
  public BatchSection withGroups(int other) {
    return new BatchSection(kind, other, tokens, zeroVariance, order, pairs, threshold);
  }

  /** Another number of tokens at which a batch is full. */
  public BatchSection withTokens(int other) {
    return new BatchSection(kind, groups, other, zeroVariance, order, pairs, threshold);
  }

  /** Something else for groups whose rewards are all equal. */
  public BatchSection withZeroVariance(ZeroVariance other) {
    return new BatchSection(kind, groups, tokens, other, order, pairs, threshold);
  }

  /** Another order of groups. */
  public BatchSection withOrder(GroupOrder other) {
    return new BatchSection(kind, groups, tokens, zeroVariance, other, pairs, threshold);
  }

  /** Other pairs. */
  public BatchSection withPairs(Pairs others) {
    return new BatchSection(kind, groups, tokens, zeroVariance, order, others, threshold);
  }

  /** Demonstrations of at least this reward. */
  public BatchSection withThreshold(double other) {
    return new BatchSection(kind, groups, tokens, zeroVariance, order, pairs, other);
  }
}
