package io.urteil.sampler;

import io.urteil.batch.BatchSection;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.run.RunFile;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a prompt may be sampled now, and from which policy version. Pure.
 *
 * <p>TRAIN prompt k belongs to batch b = ⌊(k − dropped) / groups⌋, because the next ordinal
 * replaces a dropped group. Version b is trained on batch b, so the prompts of batch b may be
 * sampled from version b − maxVersionsBehind on; with {@code staleness.exact} from that version
 * only. A run without training has one version, which samples every prompt.
 *
 * <p>Batches that close by tokens vary in their number of groups. For these, b is estimated from
 * the closed batches and their mean number of groups. The bound on the lag is then as accurate as
 * this mean; every batch reports its actual lags.
 */
final class Admission {

  /** The decision about a prompt. */
  sealed interface Decision {

    /** Wait: the required version is not published yet. */
    record Hold() implements Decision {}

    /** Sample from the newest version that can be opened. */
    record Newest() implements Decision {}

    /** Sample from this version only. */
    record Exactly(long version) implements Decision {}
  }

  private Admission() {}

  /**
   * The decision for this prompt.
   *
   * @param newest number of the newest published version; null without one
   * @param progress counts of dropped and batched groups of the run
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
    long position = ordinal - progress.dropped();
    if (settings.tokens() == 0 || progress.batches() == 0) {
      return Math.floorDiv(position, (long) settings.groups());
    }
    long meanGroups = Math.max(1, progress.batched() / progress.batches());
    return progress.batches()
        + Math.floorDiv(Math.max(0, position - progress.batched()), meanGroups);
  }
}
