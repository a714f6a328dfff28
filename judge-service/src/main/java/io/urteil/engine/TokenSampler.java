package io.urteil.engine;

import io.urteil.engine.grammar.TokenChoice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws tokens from rows of logits as a {@link Sampling} says, and gives the log-probability under
 * the distribution that was really drawn from. Keeps its working memory; not safe for several
 * threads.
 *
 * <p>With logits l, temperature T and kept tokens K: p(i) = exp(l_i / T) / sum over K of exp(l_j /
 * T). A draw inverts the cumulative sum of p, in the order of ids without cuts and of falling p
 * with them, at one uniform number.
 *
 * <p>The passes over the vocabulary are written so that the compiler makes vector instructions of
 * them; where a grammar lists its tokens, only those are looked at.
 */
final class TokenSampler {

  /** Returned for a row that has no distribution: a logit is NaN or infinite upwards. */
  static final int NONE = -1;

  /** Candidates for a cut are first sought within this many natural logarithms of the top. */
  private static final double CANDIDATE_DEPTH = 6;

  /** Below this weight nothing is told apart; see {@link #weigh}. */
  private static final double LEAST_WEIGHT = 1e-16;

  /** What is added up by halving and halving again: {@value #FOLD} to one, twice. */
  private static final int STRETCH = 8192;

  private static final int FOLD = 8;

  private static final int BLOCK = 64;

  /** Room for the order in which weights are added up. */
  private static final double ALMOST = 1 - 1e-6;

  private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED;

  private final int vocabulary;
  private final float[] logits;
  private final float[] weights;
  private final double[] blockSums;
  private final double[] stretchSums;
  private final int[] bits;
  private final float[] folded = new float[STRETCH / FOLD];
  private final float[] foldedTwice = new float[STRETCH / FOLD / FOLD];
  private long[] candidates = new long[64];
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
  private double collected;
  private double scale;
  private float logProbability;

  TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    this.logits = new float[vocabulary];
    this.bits = new int[vocabulary];
    this.weights = new float[vocabulary];
    this.blockSums = new double[(vocabulary + BLOCK - 1) / BLOCK];
    this.stretchSums = new double[(vocabulary + STRETCH - 1) / STRETCH];
    this.source = FloatBuffer.wrap(logits);
    this.values = logits;
  }

  /**
   * Takes a row of a {@code [row, vocabulary]} buffer for the draws that follow; the buffer stays
   * as it is until the next row is taken.
   */
  void load(FloatBuffer rows, int row) {
    source = rows;
    fetchable = null;
    offset = row * vocabulary;
    copied = false;
  }

  /**
   * Takes a row of a run. Where a device has picked the top tokens out of it, the row itself is
   * fetched only when a draw needs more of it.
   */
  void load(Logits logits, int row) {
    if (logits.top() == null) {
      load(logits.rows(), row);
    } else {
      fetchable = logits;
      this.row = row;
    }
  }

  /** The row as it was loaded, copied. */
  float[] row() {
    fetch();
    float[] row = new float[vocabulary];
    source.get(offset, row);
    return row;
  }

  /** Takes a row that was kept. */
  void load(float[] row) {
    load(FloatBuffer.wrap(row), 0);
  }

  /** Draws from the whole vocabulary, without a penalty. */
  int draw(Sampling sampling, SplittableRandom random) {
    return draw(sampling, random, null, null, new int[0]);
  }

  /**
   * Draws a token id, or {@link #NONE}; uses the generator once unless the sampling is greedy.
   *
   * @param seen tokens that a penalty applies to; null if there is none
   * @param choice what may be drawn; null for everything
   * @param stops the request's stop tokens
   */
  int draw(
      Sampling sampling,
      SplittableRandom random,
      @Nullable SeenTokens seen,
      @Nullable TokenChoice choice,
      int[] stops) {
    TopTokens top = fetchable == null ? null : fetchable.top();
    if (top != null && seen == null && (choice == null || !choice.isListed())) {
      int drawn = drawTop(top, sampling, random, choice, stops);
      if (drawn != NONE) {
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
      seen.forEach(id -> set(id, penalised(logits[id], sampling.repetitionPenalty())));
      copied = false;
    }
    if (choice != null) {
      ban(choice, stops);
      copied = false;
    }
    return drawValue(sampling, random);
  }

  /**
   * Natural logarithms of the probabilities that the loaded row itself gives these tokens: the
   * softmax of its logits, without penalty, temperature and cuts. NaN for each if the row has no
   * distribution.
   */
  List<Double> logProbabilities(List<Integer> ids) {
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

  /** As numbers and as bits, of which the largest is found several times as fast. */
  private void copy() {
    source.get(offset, logits);
    MemorySegment rows = MemorySegment.ofBuffer(source.duplicate().rewind());
    MemorySegment.copy(rows, BITS, (long) offset * Float.BYTES, bits, 0, vocabulary);
    copied = true;
  }

  private void set(int id, float logit) {
    logits[id] = logit;
    bits[id] = Float.floatToRawIntBits(logit);
  }

  /** Natural logarithm of the last drawn token's probability. */
  float logProbability() {
    return logProbability;
  }

  /** From how many tokens the last one was drawn, before cuts. */
  int choices() {
    return count;
  }

  private void fetch() {
    if (fetchable != null) {
      load(fetchable.rows(), row);
    }
  }

  /**
   * Draws from the top tokens alone, if they are certain to hold all that is drawn from; else
   * {@link #NONE}, and the generator was not used. What is drawn, and its log-probability, are
   * those of the whole row.
   */
  private int drawTop(
      TopTokens top,
      Sampling sampling,
      SplittableRandom random,
      @Nullable TokenChoice choice,
      int[] stops) {
    double total = totalOf(top);
    if (!Double.isFinite(total)) {
      return NONE;
    }
    int allowed = listTop(top, choice, stops);
    if (allowed == 0 || !Float.isFinite(listed[0])) {
      return NONE;
    }
    count = vocabulary;
    maximum = listed[0];
    if (sampling.temperature() == 0) {
      logProbability = 0;
      return listedIds[0];
    }
    scale = Math.min(1 / sampling.temperature(), Float.MAX_VALUE);
    if (choice == null && !cuts(sampling)) {
      return summedAt(top, sampling) ? drawBlock(top, total, random.nextDouble()) : NONE;
    }
    int kept = keptOfTop(top, sampling, total, allowed);
    if (kept == 0) {
      return NONE;
    }
    values = listed;
    return listedIds[drawCandidate(kept, random.nextDouble())];
  }

  /** Lists the top tokens that may be drawn, falling; returns how many. */
  private int listTop(TopTokens top, @Nullable TokenChoice choice, int[] stops) {
    int room = Math.max(top.size(), TopTokens.BLOCK);
    if (listed.length < room) {
      listed = new float[room];
      listedIds = new int[room];
    }
    int allowed = 0;
    for (int i = row * top.size(); i < (row + 1) * top.size(); i++) {
      int id = (int) top.ids().get(i);
      float value = top.values().get(i);
      boolean may = choice == null || (contains(stops, id) ? choice.mayEnd() : choice.allows(id));
      if (may && value > Float.NEGATIVE_INFINITY) {
        listedIds[allowed] = id;
        listed[allowed++] = value;
      }
    }
    return allowed;
  }

  /** How many of the listed tokens are drawn from; 0 if others may be too. */
  private int keptOfTop(TopTokens top, Sampling sampling, double total, int allowed) {
    boolean byNumber = sampling.topK() > 0 && sampling.topK() < vocabulary;
    int kept = byNumber ? Math.min(sampling.topK(), allowed) : allowed;
    if (candidates.length < kept) {
      candidates = new long[kept];
    }
    for (int i = 0; i < kept; i++) {
      candidates[i] = i;
    }
    weigh(listed, weights, 0, kept, maximum, (float) (scale / 16));
    if (byNumber) {
      if (kept < sampling.topK()) {
        return 0;
      }
      int reached = sampling.topP() < 1 ? smallestSet(kept, sampling.topP() * massOf(kept)) : kept;
      return likelyEnough(reached > 0 ? reached : kept, sampling.minP());
    }
    if (sampling.topP() < 1) {
      if (allowed < top.size() || !summedAt(top, sampling)) {
        return 0;
      }
      int reached = smallestSet(kept, sampling.topP() * total);
      return reached == 0 ? 0 : likelyEnough(reached, sampling.minP());
    }
    boolean decided = sampling.minP() > 0 && weights[kept - 1] < sampling.minP();
    return decided ? likelyEnough(kept, sampling.minP()) : 0;
  }

  /** Whether the sums of the row were made at the temperature of a draw. */
  private boolean summedAt(TopTokens top, Sampling sampling) {
    return top.scales().get(row) == Decoder.scale(sampling.temperature());
  }

  private double totalOf(TopTokens top) {
    int blocks = TopTokens.blocks(vocabulary);
    double total = 0;
    for (int i = row * blocks; i < (row + 1) * blocks; i++) {
      total += top.blockSums().get(i);
    }
    return total;
  }

  /** Draws without cuts: the block by the device's sums, the token in it by its own logits. */
  private int drawBlock(TopTokens top, double total, double uniform) {
    int blocks = TopTokens.blocks(vocabulary);
    double rest = uniform * total;
    int block = 0;
    while (block + 1 < blocks && rest >= top.blockSums().get(row * blocks + block)) {
      rest -= top.blockSums().get(row * blocks + block);
      block++;
    }
    FloatBuffer found = Objects.requireNonNull(fetchable, "fetchable").block(row, block);
    int number = found.remaining();
    found.get(listed, 0, number);
    weigh(listed, weights, 0, number, maximum, (float) (scale / 16));
    int drawn = 0;
    for (int i = 0; i < number && rest >= 0; i++) {
      if (listed[i] > Float.NEGATIVE_INFINITY) {
        drawn = i;
        rest -= weights[i];
      }
    }
    values = listed;
    logProbability = logProbability(drawn, total);
    return block * TopTokens.BLOCK + drawn;
  }

  private void gather(TokenChoice choice, int[] stops) {
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

  private void ban(TokenChoice choice, int[] stops) {
    for (int i = 0; i < choice.size(); i++) {
      int id = choice.id(i);
      if (id < vocabulary && !(choice.mayEnd() && contains(stops, id))) {
        set(id, Float.NEGATIVE_INFINITY);
      }
    }
    if (!choice.mayEnd()) {
      for (int id : stops) {
        if (id >= 0 && id < vocabulary) {
          set(id, Float.NEGATIVE_INFINITY);
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
    boolean greedy = sampling.temperature() == 0;
    maximum = greedy || values != logits ? maximum() : maximumOfBits();
    if (!Float.isFinite(maximum)) {
      return NONE;
    }
    if (greedy) {
      logProbability = 0;
      return first(maximum);
    }
    // Next to 0 the distribution is a point, and 0 times infinity would be no number.
    scale = Math.min(1 / sampling.temperature(), Float.MAX_VALUE);
    double total = weigh();
    if (Double.isNaN(total)) {
      return NONE;
    }
    double uniform = random.nextDouble();
    if (cuts(sampling)) {
      sumBlocks();
      return drawCut(sampling, total, uniform);
    }
    return drawPlain(total, uniform);
  }

  private boolean cuts(Sampling sampling) {
    return sampling.topP() < 1
        || sampling.minP() > 0
        || (sampling.topK() > 0 && sampling.topK() < count);
  }

  /** The largest value; NaN if any is. */
  private float maximum() {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }

  /** The largest value of the row; a NaN may be overlooked, and then spoils the sum of weights. */
  private float maximumOfBits() {
    return Float.intBitsToFloat(rising(largestRising(bits, count)));
  }

  private static int largestRising(int[] bits, int count) {
    int largest = Integer.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      int value = bits[i];
      largest = Math.max(largest, value ^ ((value >> 31) & 0x7fff_ffff));
    }
    return largest;
  }

  /** The bits of a number as an integer that rises with it, and back. */
  private static int rising(int bits) {
    return bits ^ ((bits >> 31) & 0x7fff_ffff);
  }

  private int first(float value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return NONE;
  }

  /**
   * Weights exp((l - max) / T): exp(x) = exp(x / 16)^16, the inner one by its Taylor polynomial of
   * degree 7, which rises everywhere. For x above -8 the relative error is below 4e-6, which is
   * what single precision leaves of a logit; below, the weight itself is smaller than that. What
   * lies below -40 weighs as if it were there, which is nothing. Each stretch is added up while it
   * is near.
   *
   * @return the sum
   */
  private double weigh() {
    float sixteenth = (float) (scale / 16);
    double total = 0;
    for (int stretch = 0, from = 0; from < count; stretch++, from += STRETCH) {
      int to = Math.min(from + STRETCH, count);
      weigh(values, weights, from, to, maximum, sixteenth);
      double sum = to - from == STRETCH ? sumStretch(from) : sum(weights, from, to);
      stretchSums[stretch] = sum;
      total += sum;
    }
    return total;
  }

  private double sumStretch(int from) {
    fold(weights, from, folded);
    fold(folded, 0, foldedTwice);
    return sum(foldedTwice, 0, foldedTwice.length);
  }

  private static void fold(float[] from, int at, float[] to) {
    int n = to.length;
    for (int i = 0; i < n; i++) {
      to[i] =
          ((from[at + i] + from[at + n + i]) + (from[at + 2 * n + i] + from[at + 3 * n + i]))
              + ((from[at + 4 * n + i] + from[at + 5 * n + i])
                  + (from[at + 6 * n + i] + from[at + 7 * n + i]));
    }
  }

  private static void weigh(
      float[] values, float[] weights, int begin, int end, float maximum, float scale) {
    for (int i = begin; i < end; i++) {
      float x = Math.max((values[i] - maximum) * scale, -2.5f);
      float power = Math.fma(x, 1f / 5040, 1f / 720);
      power = Math.fma(x, power, 1f / 120);
      power = Math.fma(x, power, 1f / 24);
      power = Math.fma(x, power, 1f / 6);
      power = Math.fma(x, power, 1f / 2);
      power = Math.fma(x, power, 1f);
      power = Math.fma(x, power, 1f);
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      weights[i] = power;
    }
  }

  private void sumBlocks() {
    for (int block = 0, from = 0; from < count; block++, from += BLOCK) {
      blockSums[block] = sum(weights, from, Math.min(from + BLOCK, count));
    }
  }

  /** In four parts, so that an addition need not wait for the one before. */
  private static double sum(float[] weights, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += weights[i];
      b += weights[i + 1];
      c += weights[i + 2];
      d += weights[i + 3];
    }
    for (; i < to; i++) {
      a += weights[i];
    }
    return (a + b) + (c + d);
  }

  /** Goes by stretches, then by blocks, then one by one to where the sum reaches the number. */
  private int drawPlain(double total, double uniform) {
    double rest = uniform * total;
    int from = 0;
    for (int stretch = 0; from + STRETCH < count && rest >= stretchSums[stretch]; stretch++) {
      rest -= stretchSums[stretch];
      from += STRETCH;
    }
    while (from + BLOCK < count) {
      double sum = sum(weights, from, from + BLOCK);
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
    // By mass alone or by number alone, candidates below the last cut need not be looked at.
    double floor = byMass ? 0 : sampling.minP();
    double threshold = Math.max(floor, Math.exp(-CANDIDATE_DEPTH));
    while (true) {
      int found = collect(threshold);
      int kept = Math.min(found, most);
      boolean all = threshold <= floor;
      boolean enough =
          found >= most
              || (byMass && most == count && collected > ALMOST * sampling.topP() * total);
      if (!all && !enough) {
        threshold = next(threshold, floor);
        continue;
      }
      Arrays.sort(candidates, 0, found);
      // Without a limit on their number the whole vocabulary is the mass that top-p refers to.
      double mass = most < count ? massOf(kept) : total;
      int reached = byMass ? smallestSet(kept, sampling.topP() * mass) : kept;
      boolean complete = found >= most || (byMass && most == count && reached > 0);
      if (all || complete) {
        return drawCandidate(likelyEnough(reached > 0 ? reached : kept, sampling.minP()), uniform);
      }
      threshold = next(threshold, floor);
    }
  }

  private static double next(double threshold, double floor) {
    return threshold < LEAST_WEIGHT ? floor : Math.max(floor, threshold * threshold);
  }

  /**
   * Gathers the values at or above a weight, and adds up what they weigh; sorted, the heaviest come
   * first and equal ones in their order.
   */
  private int collect(double threshold) {
    int found = 0;
    collected = 0;
    for (int block = 0, from = 0; from < count; block++, from += BLOCK) {
      if (blockSums[block] < threshold) {
        continue;
      }
      int to = Math.min(from + BLOCK, count);
      for (int i = from; i < to; i++) {
        if (weights[i] >= threshold && values[i] > Float.NEGATIVE_INFINITY) {
          if (found == candidates.length) {
            candidates = Arrays.copyOf(candidates, 2 * found);
          }
          candidates[found++] = key(values[i], i);
          collected += weights[i];
        }
      }
    }
    return found;
  }

  private double massOf(int kept) {
    double mass = 0;
    for (int i = 0; i < kept; i++) {
      mass += weights[index(candidates[i])];
    }
    return mass;
  }

  /** How many of the first candidates reach a mass; 0 if all of them do not. */
  private int smallestSet(int kept, double mass) {
    double reached = 0;
    for (int i = 0; i < kept; i++) {
      reached += weights[index(candidates[i])];
      if (reached >= mass) {
        return i + 1;
      }
    }
    return 0;
  }

  /** How many of the first candidates are at least so likely, relative to the first. */
  private int likelyEnough(int kept, double share) {
    int enough = kept;
    while (enough > 1 && weights[index(candidates[enough - 1])] < share) {
      enough--;
    }
    return enough;
  }

  private int drawCandidate(int kept, double uniform) {
    double mass = massOf(kept);
    double rest = uniform * mass;
    int drawn = index(candidates[0]);
    for (int i = 0; i < kept && rest >= 0; i++) {
      drawn = index(candidates[i]);
      rest -= weights[drawn];
    }
    logProbability = logProbability(drawn, mass);
    return drawn;
  }

  /** Sorts by falling logit, then by rising index, as a plain long. */
  private static long key(float logit, int index) {
    return (long) ~rising(Float.floatToRawIntBits(logit + 0f)) << 32 | index;
  }

  private static int index(long key) {
    return (int) key;
  }
}
