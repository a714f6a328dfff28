package io.urteil.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A contradiction between the topics and the claims about a run.
 *
 * @param kind the kind of contradiction
 * @param about the group, member, batch, version or record concerned
 * @param message the value found, the expectation and the position
 */
public record AuditFinding(Kind kind, String about, String message) {

  /** The effect of a finding on the run. */
  public enum Effect {
    /** A published item has no result. */
    LOST,
    /** An item counts more than once. */
    DUPLICATED,
    /** An item is open long after its deadline. */
    STUCK,
    /** An event has no cause in the topics. */
    UNEXPECTED,
    /** An event differs from its recomputation. */
    CHANGED
  }

  /** The kind of contradiction, in camel case in JSON, such as {@code rewardChanged}. */
  public enum Kind {
    /** A run file that is missing, unreadable, or has another hash than its text. */
    RUN_FILE(Effect.CHANGED),
    /** A rollout with another content hash than its segments. */
    ROLLOUT_HASH(Effect.CHANGED),
    /** A judgement of another text than that of the member. */
    JUDGEMENT_OF_ANOTHER_TEXT(Effect.CHANGED),
    /** An event that contradicts an earlier one, without a dead letter. */
    CONTRADICTION(Effect.DUPLICATED),
    /** A rejected event without a dead letter. */
    UNEXPLAINED(Effect.LOST),
    /** A reward that differs from its recomputation from judgements. */
    REWARD_CHANGED(Effect.CHANGED),
    /** A reward without a judgement to compute it from. */
    REWARD_INVENTED(Effect.UNEXPECTED),
    /** A member of a closed group without its reward event. */
    REWARD_MISSING(Effect.LOST),
    /** A second reward of one member. */
    REWARD_DOUBLED(Effect.DUPLICATED),
    /** A group outcome that differs from its recomputation. */
    OUTCOME_CHANGED(Effect.CHANGED),
    /** A second outcome of one group. */
    GROUP_DOUBLED(Effect.DUPLICATED),
    /** An outcome, or a group in a batch, without a published group. */
    GROUP_INVENTED(Effect.UNEXPECTED),
    /** A judged group without an outcome, or a group with an outcome that the batches skipped. */
    GROUP_LOST(Effect.LOST),
    /** A group that is open long after its deadline. */
    GROUP_HUNG(Effect.STUCK),
    /** A group in two batches, or a duplicate batch. */
    BATCH_DOUBLED(Effect.DUPLICATED),
    /** A missing batch number, or a batch with a missing part. */
    BATCH_MISSING(Effect.LOST),
    /** A batch with other groups than the order of the run requires, or with other rewards. */
    BATCH_CHANGED(Effect.CHANGED),
    /** An advantage that differs from its recomputation from rewards. */
    ADVANTAGE_CHANGED(Effect.CHANGED),
    /** A batch that the policy skipped without recording a reason. */
    BATCH_SKIPPED(Effect.LOST),
    /** A batch that is in the weights twice. */
    BATCH_LEARNED_TWICE(Effect.DUPLICATED),
    /** A checkpoint of a batch that is not in the topics. */
    BATCH_INVENTED(Effect.UNEXPECTED),
    /** A missing version between two others. */
    CHECKPOINT_GAP(Effect.LOST),
    /** A version whose parent is not the previous version. */
    CHECKPOINT_PARENT(Effect.CHANGED),
    /** A version that occurs twice in its lineage. */
    CHECKPOINT_DOUBLED(Effect.DUPLICATED),
    /** A version without its update, or an update without its version. */
    UPDATE_MISSING(Effect.LOST),
    /** A second update of one version. */
    UPDATE_DOUBLED(Effect.DUPLICATED),
    /** A checkpoint file that differs from the event. */
    CHECKPOINT_DAMAGED(Effect.CHANGED),
    /** A checkpoint within the run's {@code keep} whose folder is missing. */
    CHECKPOINT_MISSING(Effect.LOST);

    private final Effect effect;

    Kind(Effect effect) {
      this.effect = effect;
    }

    /** The effect of findings of this kind. */
    public Effect effect() {
      return effect;
    }

    /** The name in reports. */
    @JsonValue
    public String reported() {
      StringBuilder camel = new StringBuilder();
      for (String word : name().split("_", -1)) {
        String lower = word.toLowerCase(Locale.ROOT);
        camel.append(
            camel.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
      }
      return camel.toString();
    }
  }
}
