package io.urteil.engine.sampling;

import io.urteil.engine.Sampling;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.runtime.InferenceDecoder;
import io.urteil.engine.runtime.Logits;
import io.urteil.engine.runtime.TopTokens;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Samples from the top tokens of a row that a device returned, if they certainly contain all
 * candidates. The token and its log-probability are those of the whole row. Reuses its working
 * memory; not thread-safe.
 */
final class TopTokenSampler {

  private final int vocabulary;
  private final TokenCandidates candidates = new TokenCandidates();
  private float[] listed = new float[TopTokens.BLOCK];
  private float[] weights = new float[TopTokens.BLOCK];
  private int[] listedIds = new int[TopTokens.BLOCK];
  private float maximum;
  private double scale;
  private float logProbability;

  TopTokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Natural logarithm of the probability of the last sampled token. */
  float logProbability() {
    return logProbability;
  }

  /**
   * A token id; {@link TokenSampler#NONE} if the row is needed; then the generator was not used.
   */
  int draw(
      Logits logits,
      TopTokens top,
      int row,
      Sampling sampling,
      SplittableRandom random,
      @Nullable AllowedTokens choice,
      int[] stops) {
    double total = totalOf(top, row);
    if (!Double.isFinite(total)) {
      return TokenSampler.NONE;
    }
    int allowed = list(top, row, choice, stops);
    if (allowed == 0 || !Float.isFinite(listed[0])) {
      return TokenSampler.NONE;
    }
    maximum = listed[0];
    if (sampling.temperature() == 0) {
      logProbability = 0;
      return listedIds[0];
    }
    scale = TokenSampler.scale(sampling);
    boolean summed = top.scales().get(row) == InferenceDecoder.scale(sampling.temperature());
    if (choice == null && !TokenSampler.cuts(sampling, vocabulary)) {
      return summed ? drawBlock(logits, top, row, total, random.nextDouble()) : TokenSampler.NONE;
    }
    int kept = kept(top, summed, sampling, total, allowed);
    if (kept == 0) {
      return TokenSampler.NONE;
    }
    double mass = candidates.mass(kept, weights);
    int drawn = candidates.at(random.nextDouble() * mass, kept, weights);
    logProbability = logProbability(drawn, mass);
    return listedIds[drawn];
  }

  private double totalOf(TopTokens top, int row) {
    int blocks = TopTokens.blocks(vocabulary);
    double total = 0;
    for (int i = row * blocks; i < (row + 1) * blocks; i++) {
      total += top.blockSums().get(i);
    }
    return total;
  }

  /** Lists the allowed top tokens, descending; returns their number. */
  private int list(TopTokens top, int row, @Nullable AllowedTokens choice, int[] stops) {
    int room = Math.max(top.size(), TopTokens.BLOCK);
    if (listed.length < room) {
      listed = new float[room];
      weights = new float[room];
      listedIds = new int[room];
    }
    int allowed = 0;
    for (int i = row * top.size(); i < (row + 1) * top.size(); i++) {
      int id = (int) top.ids().get(i);
      float value = top.values().get(i);
      if (value > Float.NEGATIVE_INFINITY && TokenSampler.allows(choice, stops, id)) {
        listedIds[allowed] = id;
        listed[allowed++] = value;
      }
    }
    return allowed;
  }

  /** The number of listed tokens to sample from; 0 if other tokens may be candidates too. */
  private int kept(TopTokens top, boolean summed, Sampling sampling, double total, int allowed) {
    boolean byNumber = sampling.topK() > 0 && sampling.topK() < vocabulary;
    int kept = byNumber ? Math.min(sampling.topK(), allowed) : allowed;
    RowMath.weigh(listed, weights, 0, kept, maximum, scale);
    candidates.clear();
    for (int i = 0; i < kept; i++) {
      candidates.add(i, listed[i], weights[i]);
    }
    if (byNumber) {
      if (kept < sampling.topK()) {
        return 0;
      }
      double wanted = sampling.topP() * candidates.mass();
      int reached = sampling.topP() < 1 ? candidates.reaching(wanted, kept, weights) : kept;
      return candidates.likelyEnough(sampling.minP(), reached > 0 ? reached : kept, weights);
    }
    if (sampling.topP() < 1) {
      if (allowed < top.size() || !summed) {
        return 0;
      }
      int reached = candidates.reaching(sampling.topP() * total, kept, weights);
      return reached == 0 ? 0 : candidates.likelyEnough(sampling.minP(), reached, weights);
    }
    boolean decided = sampling.minP() > 0 && weights[kept - 1] < sampling.minP();
    return decided ? candidates.likelyEnough(sampling.minP(), kept, weights) : 0;
  }

  /** Samples without cuts: the block by the device's sums, the token in it by its own logits. */
  private int drawBlock(Logits logits, TopTokens top, int row, double total, double uniform) {
    int blocks = TopTokens.blocks(vocabulary);
    double rest = uniform * total;
    int block = 0;
    while (block + 1 < blocks && rest >= top.blockSums().get(row * blocks + block)) {
      rest -= top.blockSums().get(row * blocks + block);
      block++;
    }
    FloatBuffer found = logits.block(row, block);
    int number = found.remaining();
    found.get(listed, 0, number);
    RowMath.weigh(listed, weights, 0, number, maximum, scale);
    int drawn = 0;
    for (int i = 0; i < number && rest >= 0; i++) {
      if (listed[i] > Float.NEGATIVE_INFINITY) {
        drawn = i;
        rest -= weights[i];
      }
    }
    logProbability = logProbability(drawn, total);
    return block * TopTokens.BLOCK + drawn;
  }

  private float logProbability(int drawn, double total) {
    return (float) (((double) listed[drawn] - maximum) * scale - Math.log(total));
  }
}
