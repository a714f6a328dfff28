package io.urteil.sampler.feed;

import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The published prompts of a run by ordinal, separately for training and evaluation. Repeated
 * prompts change nothing. Not thread-safe.
 */
final class PublishedPrompts {

  /** Ordinals above are not the feeder's; a forged one would take memory for all below it. */
  private static final long MAX_ORDINAL = 1 << 26;

  private final BitSet training = new BitSet();
  private final Set<Long> evaluation = new HashSet<>();

  void add(Prompt prompt) {
    long ordinal = prompt.getOrdinal();
    if (prompt.getPurpose() == Purpose.TRAIN) {
      if (ordinal >= 0 && ordinal < MAX_ORDINAL) {
        training.set((int) ordinal);
      }
    } else if (prompt.getPurpose() == Purpose.EVALUATE) {
      evaluation.add(ordinal);
    }
  }

  /** The lowest ordinal without a published training prompt. */
  long firstMissingTraining() {
    return training.nextClearBit(0);
  }

  /** The unpublished ordinals of a version's evaluation; its first ordinal is version x size. */
  List<Long> missingEvaluation(long version, int size) {
    return LongStream.range(version * size, (version + 1) * size)
        .boxed()
        .filter(ordinal -> !evaluation.contains(ordinal))
        .toList();
  }
}
