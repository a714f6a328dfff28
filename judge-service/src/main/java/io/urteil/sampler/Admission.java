package io.urteil.sampler;

import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.run.RunFile;
import org.jspecify.annotations.Nullable;

/**
 * Which version may sample a prompt, and whether it is time. Pure.
 *
 * <p>TRAIN prompt k belongs to batch b = ⌊(k − dropped) / groups⌋, since the place of a dropped
 * group is taken by the next ordinal. Batch b is trained by version b, so its prompts may be
 * sampled from version b − maxVersionsBehind on; under {@code staleness.exact} by that version
 * alone.
 */
final class Admission {

  /** What is to be done with a prompt now. */
  sealed interface Decision {

    /** Its version is not there yet. */
    record Hold() implements Decision {}

    /** Sample it with the newest version, or the newest that can be opened. */
    record Newest() implements Decision {}

    /** Sample it with this version and no other. */
    record Exactly(long version) implements Decision {}
  }

  private Admission() {}

  /**
   * @param newest number of the newest version, null when there is none
   * @param dropped TRAIN groups that will not reach a batch, so far
   */
  static Decision decide(RunFile run, Prompt prompt, @Nullable Long newest, long dropped) {
    if (newest == null) {
      return new Decision.Hold();
    }
    Long pinned = prompt.getPolicyVersion();
    if (pinned != null) {
      return pinned <= newest ? new Decision.Exactly(pinned) : new Decision.Hold();
    }
    if (prompt.getPurpose() != Purpose.TRAIN
        || prompt.getOrdinal() < 0
        || run.batch().kind() == RunFile.Batch.Kind.NONE) {
      return new Decision.Newest();
    }
    long batch = Math.floorDiv(prompt.getOrdinal() - dropped, (long) run.batch().groups());
    long oldest = Math.max(0, batch - run.staleness().maxVersionsBehind());
    if (newest < oldest) {
      return new Decision.Hold();
    }
    return run.staleness().exact() ? new Decision.Exactly(oldest) : new Decision.Newest();
  }
}
