package io.urteil.engine;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A sample while it draws tokens: what it has drawn, its generator, and its place in its slot. */
final class SampleInFlight {

  private static final int FIRST_TOKENS = 32;

  private final RequestInFlight request;
  private final int index;
  private final SplittableRandom random;
  private int[] tokens;
  private float[] logProbabilities;
  private int count;

  SampleInFlight(RequestInFlight request, int index) {
    this.request = request;
    this.index = index;
    this.random = new SplittableRandom(seed(request.sampling().seed(), index));
    int capacity = Math.min(FIRST_TOKENS, request.sampling().maxTokens());
    this.tokens = new int[capacity];
    this.logProbabilities = new float[capacity];
  }

  RequestInFlight request() {
    return request;
  }

  int lastToken() {
    return tokens[count - 1];
  }

  /** Where the last token stands in the slot: the step that reads it writes its keys there. */
  int position() {
    return request.prompt().length + count - 1;
  }

  /**
   * Draws from the row that the sampler has loaded.
   *
   * @param capacity positions of a slot
   * @return the finished sample, or null if it goes on
   */
  @Nullable CompletionSample draw(TokenSampler sampler, int capacity) {
    Sampling sampling = request.sampling();
    int token = sampler.draw(sampling, random);
    if (token == TokenSampler.NONE) {
      return end(FinishReason.FAILED, "the model gave no finite logits");
    }
    if (count == tokens.length) {
      int grown = Math.min(2 * count, sampling.maxTokens());
      tokens = Arrays.copyOf(tokens, grown);
      logProbabilities = Arrays.copyOf(logProbabilities, grown);
    }
    tokens[count] = token;
    logProbabilities[count] = sampler.logProbability();
    count++;
    if (request.isStopToken(token)) {
      return end(FinishReason.STOP, "");
    }
    if (count == sampling.maxTokens()) {
      return end(FinishReason.LENGTH, "");
    }
    if (position() == capacity) {
      return end(
          FinishReason.LENGTH,
          "slot full: %d tokens of prompt and %d drawn (capacity: %d)"
              .formatted(request.prompt().length, count, capacity));
    }
    return null;
  }

  /** The sample as it is. */
  CompletionSample end(FinishReason reason, String detail) {
    return new CompletionSample(
        index,
        Arrays.copyOf(tokens, count),
        Arrays.copyOf(logProbabilities, count),
        reason,
        detail);
  }

  /**
   * A generator's seed from the request's and the sample's index. Both pass through a mixing
   * function (Stafford's variant 13 of MurmurHash3's finaliser), because generators whose seeds
   * differ by a fixed step would run through each other's numbers.
   */
  private static long seed(long requestSeed, int index) {
    return mix(mix(requestSeed) + index);
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
