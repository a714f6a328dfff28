package io.urteil.contract;

import io.urteil.event.Topic;
import io.urteil.run.GroupSection;

/**
 * The largest values of an event's fields. They are chosen so that everything that the topology
 * derives from accepted events fits into a record of {@link Topic#MAX_RECORD_BYTES}: the outcome of
 * the largest group, its state, and every dead letter. Sizes are in bytes of UTF-8.
 */
public final class EventLimits {

  /** A group id. */
  public static final int GROUP_ID_BYTES = 1_024;

  /** The name of an arm; every member of a group repeats it. */
  public static final int ARM_BYTES = 128;

  /** A judgement id, which joins run, group, member and judge. */
  public static final int JUDGEMENT_ID_BYTES = 4_096;

  /** A label, preference or fault of a judgement. */
  public static final int LABEL_BYTES = 1_024;

  /** Scores, and probabilities, of one verdict. */
  public static final int SCORES = 256;

  /** A reference answer, and those of all arms of a prompt together. */
  public static final int REFERENCE_BYTES = 1 << 20;

  /** Names and values of all columns of a prompt together. */
  public static final int COLUMNS_BYTES = 256 << 10;

  /** An encoded event: a record less its key and the framing by Kafka. */
  public static final int EVENT_BYTES = Topic.MAX_RECORD_BYTES - (32 << 10);

  /** Members that a group may have, in all arms: each is a row of its outcome. */
  public static final int MEMBERS = GroupSection.MAX_MEMBERS;

  /** Times that a member may be requested. */
  public static final int ATTEMPTS = GroupSection.MAX_ATTEMPTS;

  /** Attempts of all refilled members of a group together: a closed group remembers each. */
  public static final int REFILL_ATTEMPTS = 65_536;

  private EventLimits() {}
}
