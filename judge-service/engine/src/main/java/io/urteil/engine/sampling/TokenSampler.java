package io.urteil.engine.sampling;

import io.urteil.engine.Sampling;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.runtime.Logits;
import io.urteil.engine.runtime.TopTokens;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Samples tokens from rows of logits by a {@link Sampling}, and returns the log-probability under
 * the actual sampling distribution. Reuses its working memory; not thread-safe.
 *
 * <p>With logits l, temperature T and kept tokens K: p(i) = exp(l_i / T) / sum over K of exp(l_j /
 * T). A draw inverts the cumulative sum of p, in the order of ids without cuts and of descending p
 * with them, at one uniform number.
 *
 * <p>The passes over the vocabulary are written so that the compiler vectorises them; if a grammar
 * lists its tokens, only those are read.
 */
public final class TokenSampler {

  /** Returned for a row without a distribution: a logit is NaN or positive infinity. */
  public static final int NONE = -1;

  /** Candidates of a cut are first searched within this distance of the largest logit. */
  private static final double CANDIDATE_DEPTH = 1.5;

  /** Weights below this are not distinguished; see {@link RowMath#weigh}. */
  private static final double LEAST_WEIGHT = 1e-16;

  /** Numbers that are weighted and summed while they are in the cache. */
  private static final int STRETCH = 8192;

  /** Number of parallel sums; a multiple of four. */
  private static final int LANES = 256;

  private static final int BLOCK = 64;

  /** Tolerance for the order of summation. */
  private static final double ALMOST = 1 - 1e-6;

  private final int vocabulary;
  private final float[] logits;
  private final float[] weights;
  private final double[] blockSums;
  private final double[] stretchSums;
  private final double[] lanes = new double[LANES];
  private final TokenCandidates candidates = new TokenCandidates();
  private final TopTokenSampler ofTop;
  private float[] listed = new float[16];
  private int[] listedIds = new int[16];
  private FloatBuffer source;
  private @Nullable Logits fetchable;
  private int offset;
  private int row;
  private boolean copied;

  private float[] values;
  private int count;
  private float maximum;
  private double scale;
  private float logProbability;

  public TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    this.logits = new float[vocabulary];
    this.weights = new float[vocabulary];
    this.blockSums = new double[(vocabulary + BLOCK - 1) / BLOCK];
    this.stretchSums = new double[(vocabulary + STRETCH - 1) / STRETCH];
    this.ofTop = new TopTokenSampler(vocabulary);
    this.source = FloatBuffer.wrap(logits);
    this.values = logits;
  }

  /**
   * Loads a row of a {@code [row, vocabulary]} buffer for the following draws; the buffer must not
   * change until the next row is loaded.
   */
  public void load(FloatBuffer rows, int row) {
    source = rows;
    fetchable = null;
    offset = row * vocabulary;
    copied = false;
  }

  /**
   * Loads a row of a run. If a device has returned its top tokens, the row itself is fetched only
   * if a draw needs it.
   */
  public void load(Logits logits, int row) {
    if (logits.top() == null) {
      load(logits.rows(), row);
    } else {
      fetchable = logits;
      this.row = row;
    }
  }

  /** The row as it was loaded, copied. */
  public float[] row() {
    fetch();
    float[] row = new float[vocabulary];
    source.get(offset, row);
    return row;
  }

  /** Loads a copied row. */
  public void load(float[] row) {
    load(FloatBuffer.wrap(row), 0);
  }

  /** Samples from the whole vocabulary, without a penalty. */
  public int draw(Sampling sampling, SplittableRandom random) {
    return draw(sampling, random, null, null, new int[0]);
  }

  /**
   * Samples a token id, or {@link #NONE}; uses the generator once unless the sampling is greedy.
   *
   * @param seen tokens that a penalty applies to; null without a penalty
   * @param choice the allowed tokens; null for all
   * @param stops the request's stop tokens
   */
  public int draw(
      Sampling sampling,
      SplittableRandom random,
      @Nullable SeenTokens seen,
      @Nullable AllowedTokens choice,
      int[] stops) {
    TopTokens top = fetchable == null ? null : fetchable.top();
    if (fetchable != null
        && top != null
        && seen == null
        && (choice == null || !choice.isListed())) {
      int drawn = ofTop.draw(fetchable, top, row, sampling, random, choice, stops);
      if (drawn != NONE) {
        count = vocabulary;
        logProbability = ofTop.logProbability();
        return drawn;
      }
    }
    fetch();
    if (choice != null && choice.isListed()) {
      gather(choice, stops);
      if (seen != null) {
        for (int i = 0; i < count; i++) {
          if (seen.contains(listedIds[i])) {
            listed[i] = penalised(listed[i], sampling.repetitionPenalty());
          }
        }
      }
      int drawn = drawValue(sampling, random);
      return drawn == NONE ? NONE : listedIds[drawn];
    }
    if (!copied) {
      copy();
    }
    values = logits;
    count = vocabulary;
    if (seen != null) {
      seen.forEach(id -> logits[id] = penalised(logits[id], sampling.repetitionPenalty()));
      copied = false;
    }
    if (choice != null) {
      ban(choice, stops);
      copied = false;
    }
    return drawValue(sampling, random);
  }

  /**
   * Natural logarithms of the probabilities of these tokens in the loaded row: the softmax of its
   * logits, without penalty, temperature and cuts. NaN for each if the row has no distribution.
   */
  public List<Double> logProbabilities(List<Integer> ids) {
    fetch();
    copy();
    values = logits;
    count = vocabulary;
    maximum = maximum();
    if (!Float.isFinite(maximum)) {
      return ids.stream().map(id -> Double.NaN).toList();
    }
    scale = 1;
    double normaliser = maximum + Math.log(weigh());
    return ids.stream().map(id -> logits[id] - normaliser).toList();
  }

  private void copy() {
    source.get(offset, logits);
    copied = true;
  }

  /** Natural logarithm of the probability of the last sampled token. */
  public float logProbability() {
    return logProbability;
  }

  /** Number of tokens that the last one was sampled from, before cuts. */
  public int choices() {
    return count;
  }

  private void fetch() {
    if (fetchable != null) {
      load(fetchable.rows(), row);
    }
  }

  private void gather(AllowedTokens choice, int[] stops) {
    int most = choice.size() + stops.length;
    if (listed.length < most) {
      listed = new float[most];
      listedIds = new int[most];
    }
    count = 0;
    for (int i = 0; i < choice.size(); i++) {
      if (!contains(stops, choice.id(i))) {
        list(choice.id(i));
      }
    }
    if (choice.mayEnd()) {
      for (int i = 0; i < stops.length; i++) {
        if (!contains(stops, i, stops[i])) {
          list(stops[i]);
        }
      }
    }
    values = listed;
  }

  private void list(int id) {
    if (id >= 0 && id < vocabulary) {
      listedIds[count] = id;
      listed[count++] = source.get(offset + id);
    }
  }

  private void ban(AllowedTokens choice, int[] stops) {
    for (int i = 0; i < choice.size(); i++) {
      int id = choice.id(i);
      if (id < vocabulary && !(choice.mayEnd() && contains(stops, id))) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
    if (!choice.mayEnd()) {
      for (int id : stops) {
        if (id >= 0 && id < vocabulary) {
          logits[id] = Float.NEGATIVE_INFINITY;
        }
      }
    }
  }

  private static boolean contains(int[] ids, int id) {
    return contains(ids, ids.length, id);
  }

  private static boolean contains(int[] ids, int length, int id) {
    for (int i = 0; i < length; i++) {
      if (ids[i] == id) {
        return true;
      }
    }
    return false;
  }

  private static float penalised(float logit, double penalty) {
    return (float) (logit > 0 ? logit / penalty : logit * penalty);
  }

  private int drawValue(Sampling sampling, SplittableRandom random) {
    maximum = maximum();
    if (!Float.isFinite(maximum)) {
      return NONE;
    }
    if (sampling.temperature() == 0) {
      logProbability = 0;
      return first(maximum);
    }
    scale = scale(sampling);
    double total = weigh();
    double uniform = random.nextDouble();
    if (cuts(sampling, count)) {
      sumBlocks();
      return drawCut(sampling, total, uniform);
    }
    return drawPlain(total, uniform);
  }

  /** Whether a cut may leave fewer than this number of tokens. */
  static boolean cuts(Sampling sampling, int tokens) {
    return sampling.topP() < 1
        || sampling.minP() > 0
        || (sampling.topK() > 0 && sampling.topK() < tokens);
  }

  /**
   * 1 / temperature, bounded: close to 0 the distribution is a point, and 0 times infinity is NaN.
   */
  static double scale(Sampling sampling) {
    return Math.min(1 / sampling.temperature(), Float.MAX_VALUE);
  }

  /** Whether a choice allows any token; null allows all. */
  static boolean allows(@Nullable AllowedTokens choice, int[] stops, int id) {
    return choice == null || (contains(stops, id) ? choice.mayEnd() : choice.allows(id));
  }

  /** The largest value; NaN if any is. */
  private float maximum() {
    if (values == logits && copied) {
      MemorySegment rows = MemorySegment.ofBuffer(source.duplicate().rewind());
      return RowMath.maximum(rows, (long) offset * Float.BYTES, count);
    }
    return RowMath.maximum(values, count);
  }

  private int first(float value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return NONE;
  }

  /** Weights all values and returns the sum; each range is summed while it is in the cache. */
  private double weigh() {
    double total = 0;
    for (int stretch = 0, from = 0; from < count; stretch++, from += STRETCH) {
      int to = Math.min(from + STRETCH, count);
      RowMath.weigh(values, weights, from, to, maximum, scale);
      double sum = sumStretch(from, to);
      stretchSums[stretch] = sum;
      total += sum;
    }
    return total;
  }

  private double sumStretch(int from, int to) {
    if (to - from < 2 * LANES) {
      return RowMath.sum(weights, from, to);
    }
    Arrays.fill(lanes, 0);
    int at = from;
    for (; at + LANES <= to; at += LANES) {
      RowMath.add(lanes, weights, at);
    }
    return RowMath.sum(lanes) + RowMath.sum(weights, at, to);
  }

  private void sumBlocks() {
    for (int block = 0, from = 0; from < count; block++, from += BLOCK) {
      blockSums[block] = RowMath.sum(weights, from, Math.min(from + BLOCK, count));
    }
  }

  /**
   * Searches by ranges, then by blocks, then one by one for the index at which the sum reaches the
   * number.
   */
  private int drawPlain(double total, double uniform) {
    double rest = uniform * total;
    int from = 0;
    for (int stretch = 0; from + STRETCH < count && rest >= stretchSums[stretch]; stretch++) {
      rest -= stretchSums[stretch];
      from += STRETCH;
    }
    while (from + BLOCK < count) {
      double sum = RowMath.sum(weights, from, from + BLOCK);
      if (rest < sum) {
        break;
      }
      rest -= sum;
      from += BLOCK;
    }
    int drawn = NONE;
    for (int i = from; i < count && rest >= 0; i++) {
      if (values[i] > Float.NEGATIVE_INFINITY) {
        drawn = i;
        rest -= weights[i];
      }
    }
    if (drawn == NONE) {
      drawn = first(maximum);
    }
    logProbability = logProbability(drawn, total);
    return drawn;
  }

  private float logProbability(int drawn, double total) {
    return (float) (((double) values[drawn] - maximum) * scale - Math.log(total));
  }

  private int drawCut(Sampling sampling, double total, double uniform) {
    int most = sampling.topK() == 0 ? count : Math.min(sampling.topK(), count);
    boolean byMass = sampling.topP() < 1;
    // With only top-p or only top-k, candidates below the last cut need not be read.
    double floor = byMass ? 0 : sampling.minP();
    double threshold = Math.max(floor, Math.exp(-CANDIDATE_DEPTH));
    while (true) {
      collect(threshold);
      int kept = Math.min(candidates.size(), most);
      boolean all = threshold <= floor;
      boolean enough =
          kept == most
              || (byMass && most == count && candidates.mass() > ALMOST * sampling.topP() * total);
      if (all || enough) {
        candidates.sort();
        // Without top-k, top-p refers to the mass of the whole vocabulary.
        double mass = most < count ? candidates.mass(kept, weights) : total;
        int reached = byMass ? candidates.reaching(sampling.topP() * mass, kept, weights) : kept;
        if (all || kept == most || reached > 0) {
          return drawCandidate(sampling, reached > 0 ? reached : kept, uniform);
        }
      }
      threshold = next(threshold, floor);
    }
  }

  private static double next(double threshold, double floor) {
    return threshold < LEAST_WEIGHT ? floor : Math.max(floor, Math.pow(threshold, 1.5));
  }

  /** Gathers the values at or above a weight. */
  private void collect(double threshold) {
    candidates.clear();
    for (int block = 0, from = 0; from < count; block++, from += BLOCK) {
      if (blockSums[block] < threshold) {
        continue;
      }
      int to = Math.min(from + BLOCK, count);
      for (int i = from; i < to; i++) {
        if (weights[i] >= threshold && values[i] > Float.NEGATIVE_INFINITY) {
          candidates.add(i, values[i], weights[i]);
        }
      }
    }
  }

  private int drawCandidate(Sampling sampling, int reached, double uniform) {
    int kept = candidates.likelyEnough(sampling.minP(), reached, weights);
    double mass = candidates.mass(kept, weights);
    int drawn = candidates.at(uniform * mass, kept, weights);
    logProbability = logProbability(drawn, mass);
    return drawn;
  }
}
