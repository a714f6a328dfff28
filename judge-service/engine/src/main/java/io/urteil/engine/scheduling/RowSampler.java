package io.urteil.engine.scheduling;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.runtime.Logits;
import io.urteil.engine.sampling.TokenSampler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Draws the next token of every row of a step. Where the rows are at hand and there is enough of
 * them, a crew shares them: each sample has a generator of its own, so that the tokens are the same
 * to the bit whoever draws them. Belongs to the scheduler's thread.
 */
final class RowSampler {

  /** So many logits are drawn from in a tenth of a millisecond, which waking a helper is worth. */
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
   * @param worthSharing from how many logits on the crew shares a step
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
   * Draws a token for each row.
   *
   * @param logits of the run; row i belongs to sample i
   * @param ended takes those that have ended, null for those that go on
   */
  void draw(
      Logits logits,
      int rows,
      @Nullable SampleInFlight[] samples,
      @Nullable CompletionSample[] ended) {
    // What has to be fetched from a device is fetched by one thread.
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
