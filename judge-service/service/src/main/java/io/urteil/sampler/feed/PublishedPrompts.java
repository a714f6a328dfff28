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

  private final BitSet training = new BitSet();
  private final Set<Long> evaluation = new HashSet<>();

  void add(Prompt prompt) {
    if (prompt.getPurpose() == Purpose.TRAIN) {
      training.set(Math.toIntExact(prompt.getOrdinal()));
    } else if (prompt.getPurpose() == Purpose.EVALUATE) {
      evaluation.add(prompt.getOrdinal());
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
