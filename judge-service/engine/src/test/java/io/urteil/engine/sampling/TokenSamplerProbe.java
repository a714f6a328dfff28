package io.urteil.engine.sampling;

import io.urteil.engine.Sampling;
import io.urteil.engine.grammar.AllowedTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Times a draw from a row of logits, best and median of many. Not a test: run its main method;
 * arguments: vocabulary, rows.
 */
final class TokenSamplerProbe {

  private static final int WARM_UP = 300;
  private static final int ROUNDS = 200;

  private TokenSamplerProbe() {}

  public static void main(String[] arguments) {
    int vocabulary = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 32_000;
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
    FloatBuffer logits = logits(vocabulary, rows);
    Map<String, Sampling> samplings = new LinkedHashMap<>();
    Sampling plain = Sampling.at(1, 1, List.of(), 0);
    samplings.put("temperature 1", plain);
    samplings.put("top-p 0.95", new Sampling(1, 0.95, 0, 1, List.of(), 0));
    samplings.put("top-k 50", new Sampling(1, 1, 50, 1, List.of(), 0));
    samplings.put("min-p 0.05", plain.withMinP(0.05));
    samplings.put("greedy", Sampling.greedy(1, List.of()));
    samplings.forEach((name, sampling) -> time(name, logits, vocabulary, rows, sampling, null));
    int[] few = {3, 17, 99, 1000};
    time("grammar of 4", logits, vocabulary, rows, plain, AllowedTokens.only(few, false, false));
  }

  private static void time(
      String name,
      FloatBuffer logits,
      int vocabulary,
      int rows,
      Sampling sampling,
      @Nullable AllowedTokens choice) {
    TokenSampler sampler = new TokenSampler(vocabulary);
    SplittableRandom random = new SplittableRandom(1);
    double[] micros = new double[ROUNDS];
    long drawn = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int row = 0; row < rows; row++) {
        sampler.load(logits, row);
        drawn += sampler.draw(sampling, random, null, choice, new int[0]);
      }
      if (round >= 0) {
        micros[round] = (System.nanoTime() - start) / 1e3 / rows;
      }
    }
    Arrays.sort(micros);
    System.out.printf(
        "%-14s best %7.2f us a row, median %7.2f (%d)%n",
        name, micros[0], micros[ROUNDS / 2], drawn);
  }

  /** Normal with a spread of 4 and one of ten rows with a clear favourite. */
  private static FloatBuffer logits(int vocabulary, int rows) {
    FloatBuffer logits =
        ByteBuffer.allocateDirect(rows * vocabulary * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < rows * vocabulary; i++) {
      logits.put(i, (float) (4 * random.nextGaussian()));
    }
    for (int row = 0; row < rows; row += 10) {
      logits.put(row * vocabulary + row, 40);
    }
    return logits;
  }
}
