package io.urteil.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Sampling;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TokenSamplerTest {

  @Property
  void shouldGiveTheLogProbabilityOfTheDistributionItDrawsFrom(
      @ForAll @Size(min = 2, max = 40) float[] raw,
      @ForAll @DoubleRange(min = 0.05, max = 3) double temperature,
      @ForAll @DoubleRange(min = 0.01, max = 1) double topP,
      @ForAll @IntRange(max = 50) int topK,
      @ForAll long seed) {
    // Given
    float[] logits = bounded(raw);
    Sampling sampling = new Sampling(temperature, topP, topK, 1, List.of(), 0);
    double[] expected = distribution(logits, sampling);
    // A sum that lands on the border of the set may fall on either side of it.
    Assume.that(isClear(logits, sampling));

    // When
    TokenSampler sampler = loaded(logits);
    int token = sampler.draw(sampling, new SplittableRandom(seed));

    // Then
    assertThat(expected[token]).isPositive();
    assertThat((double) sampler.logProbability())
        .isCloseTo(Math.log(expected[token]), within(1e-5));
  }

  @Example
  void shouldDrawEachTokenAsOftenAsItIsLikely() {
    // Given
    float[] logits = {0, 1, 2, -1, 1.5f, Float.NEGATIVE_INFINITY};
    int draws = 200_000;

    for (Sampling sampling :
        List.of(
            Sampling.at(0.7, 1, List.of(), 0),
            new Sampling(1, 0.8, 0, 1, List.of(), 0),
            new Sampling(1.3, 1, 3, 1, List.of(), 0),
            new Sampling(1, 0.7, 4, 1, List.of(), 0))) {
      double[] expected = distribution(logits, sampling);
      int[] counts = new int[logits.length];
      TokenSampler sampler = loaded(logits);
      SplittableRandom random = new SplittableRandom(5);

      // When
      for (int i = 0; i < draws; i++) {
        counts[sampler.draw(sampling, random)]++;
      }

      // Then: within five standard deviations of a binomial count
      for (int token = 0; token < logits.length; token++) {
        double deviation = Math.sqrt(draws * expected[token] * (1 - expected[token]));
        assertThat((double) counts[token])
            .as("token %d with %s", token, sampling)
            .isCloseTo(draws * expected[token], within(5 * deviation + 1e-9));
      }
    }
  }

  @Property
  void shouldTakeTheLowestOfTheLargestWhenGreedy(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -3, max = 3) Integer> values) {
    // Given
    float[] logits = new float[values.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = values.get(i);
    }
    int largest = Collections.max(values);
    TokenSampler sampler = loaded(logits);

    // When
    int token = sampler.draw(Sampling.greedy(1, List.of()), new SplittableRandom(1));

    // Then
    assertThat(token).isEqualTo(values.indexOf(largest));
    assertThat(sampler.logProbability()).isZero();
  }

  @Example
  void shouldReadTheRowItIsTold() {
    // Given
    FloatBuffer rows = FloatBuffer.wrap(new float[] {9, 0, 0, 0, 0, 9});
    TokenSampler sampler = new TokenSampler(3);

    // When
    sampler.load(rows, 1);

    // Then
    assertThat(sampler.draw(Sampling.greedy(1, List.of()), new SplittableRandom(1))).isEqualTo(2);
    assertThat(sampler.row()).containsExactly(0, 0, 9);
  }

  @Property
  void shouldDrawNothingWhenALogitIsNotFinite(
      @ForAll @Size(min = 1, max = 10) float[] logits,
      @ForAll @IntRange(max = 9) int place,
      @ForAll boolean infinite) {
    // Given
    logits[place % logits.length] = infinite ? Float.POSITIVE_INFINITY : Float.NaN;

    // When
    int token = loaded(logits).draw(Sampling.at(1, 1, List.of(), 0), new SplittableRandom(1));

    // Then
    assertThat(token).isEqualTo(TokenSampler.NONE);
  }

  @Example
  void shouldFindTheSetWhenTheMassLiesFarBelowTheTop() {
    // Given: one token ahead by 30, a thousand equal ones that carry what is left of the mass
    float[] logits = new float[1001];
    logits[500] = 30;
    Sampling sampling = new Sampling(10, 0.999, 0, 1, List.of(), 0);
    double[] expected = distribution(logits, sampling);
    TokenSampler sampler = loaded(logits);
    SplittableRandom random = new SplittableRandom(3);

    for (int i = 0; i < 1_000; i++) {
      // When
      int token = sampler.draw(sampling, random);

      // Then
      assertThat((double) sampler.logProbability())
          .isCloseTo(Math.log(expected[token]), within(1e-5));
    }
  }

  @Property(tries = 20)
  void shouldGiveTheLogProbabilityOfALargeVocabulary(
      @ForAll @IntRange(min = 500, max = 40_000) int vocabulary, @ForAll long seed) {
    // Given
    SplittableRandom random = new SplittableRandom(seed);
    float[] logits = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      logits[i] = (float) (4 * random.nextGaussian());
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit);
    }
    TokenSampler sampler = loaded(logits);

    // When
    int token = sampler.draw(Sampling.at(1, 1, List.of(), 0), random);

    // Then
    assertThat((double) sampler.logProbability())
        .isCloseTo(logits[token] - Math.log(total), within(1e-5));
  }

  @Example
  void shouldRefuseASamplingThatMeansNothing() {
    assertThatThrownBy(() -> Sampling.at(-0.1, 1, List.of(), 0))
        .hasMessage("temperature: -0.1 (expected: >= 0)");
    assertThatThrownBy(() -> Sampling.at(Double.NaN, 1, List.of(), 0))
        .hasMessage("temperature: NaN (expected: >= 0)");
    assertThatThrownBy(() -> new Sampling(1, 0, 0, 1, List.of(), 0))
        .hasMessage("topP: 0.0 (expected: > 0 and <= 1)");
    assertThatThrownBy(() -> new Sampling(1, 1, -1, 1, List.of(), 0))
        .hasMessage("topK: -1 (expected: >= 0)");
    assertThatThrownBy(() -> Sampling.greedy(0, List.of()))
        .hasMessage("maxTokens: 0 (expected: >= 1)");
  }

  private static TokenSampler loaded(float[] logits) {
    TokenSampler sampler = new TokenSampler(logits.length);
    sampler.load(logits);
    return sampler;
  }

  private static float[] bounded(float[] raw) {
    float[] logits = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      logits[i] = (float) (20 * Math.tanh(raw[i] / 50));
    }
    return logits;
  }

  /** The definition, with a full sort. */
  private static double[] distribution(float[] logits, Sampling sampling) {
    Integer[] order = order(logits);
    double[] kept = new double[logits.length];
    int most = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double total = 0;
    for (int i = 0; i < most; i++) {
      total += weight(logits, order, i, sampling);
    }
    double reached = 0;
    for (int i = 0; i < most; i++) {
      kept[order[i]] = weight(logits, order, i, sampling);
      reached += kept[order[i]];
      if (sampling.topP() < 1 && reached >= sampling.topP() * total) {
        break;
      }
    }
    double sum = Arrays.stream(kept).sum();
    return Arrays.stream(kept).map(weight -> weight / sum).toArray();
  }

  private static boolean isClear(float[] logits, Sampling sampling) {
    Integer[] order = order(logits);
    int most = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double total = 0;
    for (int i = 0; i < most; i++) {
      total += weight(logits, order, i, sampling);
    }
    double reached = 0;
    for (int i = 0; i < most; i++) {
      reached += weight(logits, order, i, sampling);
      if (Math.abs(reached / total - sampling.topP()) < 1e-9 && sampling.topP() < 1) {
        return false;
      }
    }
    return true;
  }

  private static Integer[] order(float[] logits) {
    Integer[] order = new Integer[logits.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order, Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparingInt(i -> i));
    return order;
  }

  private static double weight(float[] logits, Integer[] order, int i, Sampling sampling) {
    return Math.exp((logits[order[i]] - logits[order[0]]) / sampling.temperature());
  }
}
