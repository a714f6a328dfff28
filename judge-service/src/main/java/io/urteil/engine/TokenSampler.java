package io.urteil.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws tokens from rows of logits as a {@link Sampling} says, and gives the log-probability under
 * the distribution that was really drawn from. Keeps its working memory; not safe for several
 * threads.
 *
 * <p>With logits l, temperature T and kept tokens K: p(i) = exp(l_i / T) / sum over K of exp(l_j /
 * T). A draw inverts the cumulative sum of p, in the order of ids without cuts and of falling p
 * with them, at one uniform number.
 */
final class TokenSampler {

  /** Returned for a row that has no distribution: a logit is NaN or infinite upwards. */
  static final int NONE = -1;

  /** Candidates for a cut are first sought within this many natural logarithms of the top. */
  private static final double CANDIDATE_DEPTH = 12;

  private final float[] logits;
  private final double[] weights;
  private long[] candidates = new long[64];
  private float maximum;
  private int argmax;
  private float logProbability;

  TokenSampler(int vocabulary) {
    logits = new float[vocabulary];
    weights = new double[vocabulary];
  }

  /** Takes a row of a {@code [row, vocabulary]} buffer for the draws that follow. */
  void load(FloatBuffer rows, int row) {
    rows.get(row * logits.length, logits);
    findMaximum();
  }

  /** The row as it was loaded, copied. */
  float[] row() {
    return logits.clone();
  }

  /** Takes a row that was kept. */
  void load(float[] row) {
    System.arraycopy(row, 0, logits, 0, logits.length);
    findMaximum();
  }

  /** Draws a token id, or {@link #NONE}; uses the generator once unless the sampling is greedy. */
  int draw(Sampling sampling, SplittableRandom random) {
    if (!Float.isFinite(maximum)) {
      return NONE;
    }
    if (sampling.temperature() == 0) {
      logProbability = 0;
      return argmax;
    }
    double total = weigh(sampling.temperature());
    boolean cut = sampling.topP() < 1 || (sampling.topK() > 0 && sampling.topK() < logits.length);
    return cut
        ? drawCut(sampling, total, random.nextDouble())
        : drawPlain(total, random.nextDouble());
  }

  /** Natural logarithm of the last drawn token's probability. */
  float logProbability() {
    return logProbability;
  }

  private void findMaximum() {
    maximum = Float.NEGATIVE_INFINITY;
    argmax = 0;
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      if (!(logit <= maximum)) {
        maximum = logit;
        argmax = id;
        if (Float.isNaN(logit)) {
          return;
        }
      }
    }
  }

  private double weigh(double temperature) {
    double total = 0;
    double scale = 1 / temperature;
    for (int id = 0; id < logits.length; id++) {
      double weight = Math.exp((logits[id] - maximum) * scale);
      weights[id] = weight;
      total += weight;
    }
    return total;
  }

  private int drawPlain(double total, double uniform) {
    double rest = uniform * total;
    int last = argmax;
    for (int id = 0; id < weights.length; id++) {
      if (weights[id] > 0) {
        last = id;
        rest -= weights[id];
        if (rest < 0) {
          break;
        }
      }
    }
    logProbability = (float) Math.log(weights[last] / total);
    return last;
  }

  private int drawCut(Sampling sampling, double total, double uniform) {
    int most = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
    double threshold = Math.exp(-CANDIDATE_DEPTH);
    while (true) {
      int found = collect(threshold);
      boolean all = threshold == 0;
      int kept = Math.min(found, most);
      // Without a limit on their number the whole vocabulary is the mass that top-p refers to.
      double mass = most < logits.length ? massOf(kept) : total;
      int count = smallestSet(kept, sampling.topP() * mass);
      boolean complete = (found >= most || most == logits.length) && count > 0 && count <= kept;
      if (all || complete) {
        return drawCandidate(count > 0 ? count : kept, uniform);
      }
      threshold = threshold < 1e-100 ? 0 : threshold * threshold;
    }
  }

  /** Gathers the tokens at or above a weight, heaviest first, equal ones by id. */
  private int collect(double threshold) {
    int count = 0;
    for (int id = 0; id < weights.length; id++) {
      if (weights[id] >= threshold) {
        if (count == candidates.length) {
          candidates = Arrays.copyOf(candidates, 2 * count);
        }
        candidates[count++] = key(logits[id], id);
      }
    }
    Arrays.sort(candidates, 0, count);
    return count;
  }

  private double massOf(int count) {
    double mass = 0;
    for (int i = 0; i < count; i++) {
      mass += weights[id(candidates[i])];
    }
    return mass;
  }

  /** How many of the first candidates reach a mass; 0 if all of them do not. */
  private int smallestSet(int count, double mass) {
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[id(candidates[i])];
      if (reached >= mass) {
        return i + 1;
      }
    }
    return 0;
  }

  private int drawCandidate(int count, double uniform) {
    double mass = massOf(count);
    double rest = uniform * mass;
    int drawn = id(candidates[0]);
    for (int i = 0; i < count; i++) {
      int id = id(candidates[i]);
      if (weights[id] > 0) {
        drawn = id;
        rest -= weights[id];
        if (rest < 0) {
          break;
        }
      }
    }
    logProbability = (float) Math.log(weights[drawn] / mass);
    return drawn;
  }

  /** Sorts by falling logit, then by rising id, as a plain long. */
  private static long key(float logit, int id) {
    int bits = Float.floatToRawIntBits(logit + 0f);
    int rising = bits ^ (bits >> 31) & 0x7fff_ffff;
    return (long) ~rising << 32 | id;
  }

  private static int id(long key) {
    return (int) key;
  }
}
