package io.urteil.batch;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * The run-file section {@code batch}.
 *
 * @param kind content of the batches
 * @param groups groups in a batch; with {@code tokens}, the maximum
 * @param tokens trained tokens at which a batch is full before that; 0 for groups alone
 * @param zeroVariance policy for groups without signal, because their rewards are equal
 * @param order order in which batches take groups
 */
public record BatchSection(
    BatchKind kind, int groups, int tokens, ZeroVariance zeroVariance, GroupOrder order) {

  /** Eight groups with advantages, by ordinal. */
  public static final BatchSection DEFAULT = Keys.defaults(keys -> of(keys, true));

  /** Batches of this number of groups, without a limit of tokens. */
  public BatchSection(BatchKind kind, int groups, ZeroVariance zeroVariance, GroupOrder order) {
    this(kind, groups, 0, zeroVariance, order);
  }

  /** Policy for groups without signal. */
  public enum ZeroVariance {
    /** They stay in the batch, and in the count of tokens, with advantage 0. */
    KEEP_COUNT,
    /** They are filtered; their places in the batch stay empty. */
    DROP,
    /** They are filtered; the next groups take their places, for which admission makes room. */
    REFILL
  }

  /** Order in which batches take groups. */
  public enum GroupOrder {
    /** By the prompt's ordinal: batch b is the same at any timing. */
    ORDINAL,
    /** By closing time: no group waits for a slower one. */
    CLOSED
  }

  /**
   * The section as a run file describes it.
   *
   * @param training whether the file has a policy or a section train, on which the default kind
   *     depends
   */
  public static BatchSection of(Keys<BatchSection> keys, boolean training) {
    BatchKind kind = BatchKinds.of(keys.view(BatchSection::kind), training);
    int tokens =
        keys.integer(
            "tokens",
            BatchSection::tokens,
            0,
            Bounds.INTEGER_OR_NO_LIMIT,
            "Trained tokens at which a batch is full before it has all its groups.");
    BatchSection batch =
        new BatchSection(
            kind,
            keys.integer(
                "groups",
                BatchSection::groups,
                8,
                Bounds.INTEGER_FROM_1,
                "Groups in a batch; with tokens, the maximum."),
            tokens,
            keys.choice(
                "zeroVariance",
                BatchSection::zeroVariance,
                ZeroVariance.class,
                ZeroVariance.KEEP_COUNT,
                "Policy for groups without signal, because their rewards are equal."),
            keys.choice(
                "order",
                BatchSection::order,
                GroupOrder.class,
                GroupOrder.ORDINAL,
                "Whether batches take groups by their prompt's ordinal, so that batch b is the same"
                    + " at any timing, or as they close."));
    keys.first("kind", "groups", "tokens");
    return batch;
  }

  /** Whether there are batches; otherwise the run scores without training. */
  public boolean hasBatches() {
    return kind.event() != BatchKind.Event.NONE;
  }

  /** Another kind. */
  public BatchSection withKind(BatchKind other) {
    return new BatchSection(other, groups, tokens, zeroVariance, order);
  }

  /** Another number of groups. */
  public BatchSection withGroups(int other) {
    return new BatchSection(kind, other, tokens, zeroVariance, order);
  }

  /** Another number of tokens at which a batch is full. */
  public BatchSection withTokens(int other) {
    return new BatchSection(kind, groups, other, zeroVariance, order);
  }

  /** Another policy for groups without signal. */
  public BatchSection withZeroVariance(ZeroVariance other) {
    return new BatchSection(kind, groups, tokens, other, order);
  }

  /** Another order of groups. */
  public BatchSection withOrder(GroupOrder other) {
    return new BatchSection(kind, groups, tokens, zeroVariance, other);
  }
}
