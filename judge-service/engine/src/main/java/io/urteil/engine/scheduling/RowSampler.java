package io.urteil.engine.scheduling;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.runtime.Logits;
import io.urteil.engine.sampling.TokenSampler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Samples the next token of every row of a step. If the rows are in host memory and large enough, a
 * worker team shares them: each sample has its own generator, so that the tokens do not depend on
 * the thread. Confined to the scheduler's thread.
 */
final class RowSampler {

  /** Number of logits that take a tenth of a millisecond, which justifies waking a helper. */
  static final int WORTH_SHARING = 1 << 17;

  private final WorkerTeam crew;
  private final int vocabulary;
  private final int capacity;
  private final int worthSharing;
  private final @Nullable TokenSampler[] samplers;

  /**
   * @param capacity positions of a slot
   */
  RowSampler(WorkerTeam crew, int vocabulary, int capacity) {
    this(crew, vocabulary, capacity, WORTH_SHARING);
  }

  /**
   * @param worthSharing number of logits from which the team shares a step
   */
  RowSampler(WorkerTeam crew, int vocabulary, int capacity, int worthSharing) {
    this.crew = crew;
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.worthSharing = worthSharing;
    this.samplers = new TokenSampler[crew.members()];
    this.samplers[0] = new TokenSampler(vocabulary);
  }

  /** The sampler of the scheduler's thread. */
  TokenSampler sampler() {
    return sampler(0);
  }

  /**
   * Samples a token for each row.
   *
   * @param logits of the run; row i belongs to sample i
   * @param ended receives the ended samples, null for those that continue
   */
  void draw(
      Logits logits,
      int rows,
      @Nullable SampleInFlight[] samples,
      @Nullable CompletionSample[] ended) {
    // Only one thread fetches logits from a device.
    if (logits.top() != null || (long) rows * vocabulary < worthSharing) {
      for (int row = 0; row < rows; row++) {
        draw(0, row, logits, samples, ended);
      }
    } else {
      crew.share(rows, (member, row) -> draw(member, row, logits, samples, ended));
    }
  }

  private void draw(
      int member,
      int row,
      Logits logits,
      @Nullable SampleInFlight[] samples,
      @Nullable CompletionSample[] ended) {
    TokenSampler sampler = sampler(member);
    sampler.load(logits, row);
    ended[row] = Objects.requireNonNull(samples[row], "sample").draw(sampler, capacity);
  }

  private TokenSampler sampler(int member) {
    TokenSampler sampler = samplers[member];
    if (sampler == null) {
      sampler = new TokenSampler(vocabulary);
      samplers[member] = sampler;
    }
    return sampler;
  }
}
