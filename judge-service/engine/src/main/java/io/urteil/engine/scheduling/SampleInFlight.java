package io.urteil.engine.scheduling;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.StopSequences;
import io.urteil.engine.sampling.SeenTokens;
import io.urteil.engine.sampling.TokenSampler;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A running sample: its tokens, its generator, and its position in its slot. */
final class SampleInFlight {

  private static final int FIRST_TOKENS = 32;

  private final RequestInFlight request;
  private final int index;
  private final SplittableRandom random;
  private final @Nullable Grammar grammar;
  private final @Nullable StopSequences stopTexts;
  private final @Nullable SeenTokens seen;
  private final BitSet forced = new BitSet();
  private Grammar.@Nullable Cursor cursor;
  private int stopPlace = StopSequences.START;
  private String stopText = "";
  private int[] tokens;
  private float[] logProbabilities;
  private int count;

  SampleInFlight(RequestInFlight request, int index) {
    this.request = request;
    this.index = index;
    this.random = new SplittableRandom(seed(request.sampling().seed(), index));
    this.grammar = request.grammar();
    this.stopTexts = request.stopTexts();
    this.seen =
        request.sampling().repetitionPenalty() == 1 ? null : new SeenTokens(request.prompt());
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

  /**
   * The position of the last token in the slot: the step that processes it writes its keys there.
   */
  int position() {
    return request.prompt().length + count - 1;
  }

  /**
   * Samples from the row that the sampler has loaded.
   *
   * @param capacity positions of a slot
   * @return the finished sample, or null if it continues
   */
  @Nullable CompletionSample draw(TokenSampler sampler, int capacity) {
    try {
      return drawNext(sampler, capacity);
    } catch (RuntimeException e) {
      // A grammar may be third-party code; its failure ends only this sample.
      return end(
          StopReason.FAILED,
          "grammar '%s' failed: %s".formatted(grammar == null ? "" : grammar.name(), e));
    }
  }

  private @Nullable CompletionSample drawNext(TokenSampler sampler, int capacity) {
    Sampling sampling = request.sampling();
    if (grammar != null && cursor == null) {
      cursor = grammar.start(request.prompt().clone());
    }
    AllowedTokens choice = cursor == null ? null : cursor.choice();
    int[] stops = request.stopTokenIds();
    if (choice != null && isEndOnly(choice) && stops.length == 0) {
      return end(StopReason.STOP, "");
    }
    int token = sampler.draw(sampling, random, seen, choice, stops);
    if (token == TokenSampler.NONE) {
      return end(StopReason.FAILED, failure(choice));
    }
    append(token, sampler.logProbability());
    if (choice != null && (choice.isForced() || sampler.choices() == 1)) {
      forced.set(count - 1);
    }
    if (request.isStopToken(token)) {
      return end(StopReason.STOP, "");
    }
    if (completesAStopText(token)) {
      return end(StopReason.STOP, "");
    }
    if (cursor != null) {
      cursor.accept(token);
    }
    if (count == sampling.maxTokens()) {
      return end(StopReason.LENGTH, "");
    }
    if (position() == capacity) {
      return end(
          StopReason.LENGTH,
          "slot full: %d tokens of prompt and %d drawn (capacity: %d)"
              .formatted(request.prompt().length, count, capacity));
    }
    return null;
  }

  private static boolean isEndOnly(AllowedTokens choice) {
    return choice.isListed() && choice.size() == 0 && choice.mayEnd();
  }

  private void append(int token, float logProbability) {
    if (count == tokens.length) {
      int grown = Math.min(2 * count, request.sampling().maxTokens());
      tokens = Arrays.copyOf(tokens, grown);
      logProbabilities = Arrays.copyOf(logProbabilities, grown);
    }
    tokens[count] = token;
    logProbabilities[count] = logProbability;
    count++;
    if (seen != null) {
      seen.add(token);
    }
  }

  private boolean completesAStopText(int token) {
    if (stopTexts == null) {
      return false;
    }
    stopPlace = stopTexts.after(stopPlace, token);
    if (!stopTexts.isStop(stopPlace)) {
      return false;
    }
    stopText = stopTexts.text(stopPlace);
    return true;
  }

  private String failure(@Nullable AllowedTokens choice) {
    return choice != null && choice.isListed() && grammar != null
        ? "the model has no finite logit for a token that grammar '%s' allows"
            .formatted(grammar.name())
        : "the model returned no finite logits";
  }

  /** The sample so far. */
  CompletionSample end(StopReason reason, String detail) {
    return new CompletionSample(
        index,
        Arrays.copyOf(tokens, count),
        Arrays.copyOf(logProbabilities, count),
        forced,
        reason,
        stopText,
        detail);
  }

  /**
   * A generator's seed from the request's and the sample's index. Both pass through a mixing
   * function (Stafford's variant 13 of MurmurHash3's finaliser), because generators whose seeds
   * differ by a fixed step would produce overlapping sequences.
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
