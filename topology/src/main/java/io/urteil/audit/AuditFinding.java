package io.urteil.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * One thing about a run that its log contradicts.
 *
 * @param kind what is wrong
 * @param about the group, member, batch, version or record that it is about
 * @param message what was found and what was expected, and where
 */
public record AuditFinding(Kind kind, String about, String message) {

  /** What a finding does to the run. */
  public enum Effect {
    /** Something that was published has no end on the log. */
    LOST,
    /** Something counts more than once. */
    DOUBLED,
    /** Something is open for longer than its time. */
    HUNG,
    /** Something stands on the log that nothing before it explains. */
    INVENTED,
    /** Something says other than what it must say by what stands before it. */
    CHANGED
  }

  /** What is wrong. In JSON in camel case, such as {@code rewardChanged}. */
  public enum Kind {
    /** A run file whose hash is not that of its text, that cannot be read, or that is not there. */
    RUN_FILE(Effect.CHANGED),
    /** A rollout whose content hash is not that of its segments. */
    ROLLOUT_HASH(Effect.CHANGED),
    /** A judgement of another text than the member's. */
    JUDGEMENT_OF_ANOTHER_TEXT(Effect.CHANGED),
    /** An event that contradicts an earlier one, and no dead letter says so. */
    CONTRADICTION(Effect.DOUBLED),
    /** An event that was not taken, and no dead letter says why. */
    UNEXPLAINED(Effect.LOST),
    /** A reward or outcome that its judgements do not give. */
    REWARD_CHANGED(Effect.CHANGED),
    /** A reward for which there is nothing to pay. */
    REWARD_INVENTED(Effect.INVENTED),
    /** A member of a closed group without its reward event. */
    REWARD_MISSING(Effect.LOST),
    /** A second reward of one member. */
    REWARD_DOUBLED(Effect.DOUBLED),
    /** A group outcome that its events do not give. */
    OUTCOME_CHANGED(Effect.CHANGED),
    /** A second outcome of one group. */
    GROUP_DOUBLED(Effect.DOUBLED),
    /** An outcome or a batch's group of which nothing was published. */
    GROUP_INVENTED(Effect.INVENTED),
    /** A group that is judged and has no outcome, or has one and was passed over by the batches. */
    GROUP_LOST(Effect.LOST),
    /** A group that is open although its deadline is long over. */
    GROUP_HUNG(Effect.HUNG),
    /** A group in two batches, or a batch that is there twice. */
    BATCH_DOUBLED(Effect.DOUBLED),
    /** A number without a batch, or a batch without one of its parts. */
    BATCH_MISSING(Effect.LOST),
    /** A batch of other groups than the run's order gives it, or of other rewards. */
    BATCH_CHANGED(Effect.CHANGED),
    /** An advantage that the rewards do not give. */
    ADVANTAGE_CHANGED(Effect.CHANGED),
    /** A batch that the policy has passed without learning from it or saying why. */
    BATCH_SKIPPED(Effect.LOST),
    /** A batch that is in the weights twice. */
    BATCH_LEARNED_TWICE(Effect.DOUBLED),
    /** A checkpoint or update of a batch that is not on the log. */
    BATCH_INVENTED(Effect.INVENTED),
    /** A version that is missing between two others. */
    CHECKPOINT_GAP(Effect.LOST),
    /** A version that does not come from the one before it. */
    CHECKPOINT_PARENT(Effect.CHANGED),
    /** A version that its lineage has twice. */
    CHECKPOINT_DOUBLED(Effect.DOUBLED),
    /** A version without its update, or the other way round. */
    UPDATE_MISSING(Effect.LOST),
    /** A second update of one version. */
    UPDATE_DOUBLED(Effect.DOUBLED),
    /** A file of a checkpoint that is not what the event says. */
    CHECKPOINT_DAMAGED(Effect.CHANGED),
    /** A checkpoint that the run keeps and whose folder is not there. */
    CHECKPOINT_MISSING(Effect.LOST);

    private final Effect effect;

    Kind(Effect effect) {
      this.effect = effect;
    }

    /** What such a finding does to the run. */
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
