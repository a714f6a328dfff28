package io.urteil.sampler;

import io.urteil.batch.BatchSection;
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
 * alone. A run that trains nothing has one version, which samples everything.
 *
 * <p>Batches that close by tokens hold as many groups as they happen to. There b is reckoned from
 * the batches closed so far, with as many groups in each further one as those had on average: the
 * bound on the lag then holds as well as that average, and every batch tells its lags.
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
   */
  static Decision decide(RunFile run, Prompt prompt, @Nullable Long newest, RunProgress progress) {
    if (newest == null) {
      return new Decision.Hold();
    }
    Long pinned = prompt.getPolicyVersion();
    if (pinned != null) {
      return pinned <= newest ? new Decision.Exactly(pinned) : new Decision.Hold();
    }
    if (prompt.getPurpose() != Purpose.TRAIN
        || prompt.getOrdinal() < 0
        || run.train() == null
        || !run.batch().hasBatches()) {
      return new Decision.Newest();
    }
    long batch = batch(run.batch(), prompt.getOrdinal(), progress);
    long oldest = Math.max(0, batch - run.staleness().maxVersionsBehind());
    if (newest < oldest) {
      return new Decision.Hold();
    }
    return run.staleness().exact() ? new Decision.Exactly(oldest) : new Decision.Newest();
  }

  private static long batch(BatchSection settings, long ordinal, RunProgress progress) {
    long place = ordinal - progress.dropped();
    if (settings.tokens() == 0 || progress.batches() == 0) {
      return Math.floorDiv(place, (long) settings.groups());
    }
    long onAverage = Math.max(1, progress.batched() / progress.batches());
    return progress.batches() + Math.floorDiv(Math.max(0, place - progress.batched()), onAverage);
  }
}
