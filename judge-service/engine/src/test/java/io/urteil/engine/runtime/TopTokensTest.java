package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Sampling;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.sampling.TokenSampler;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Draws from what a device gives back, against draws from whole rows. A seed that is given: a cut
 * by mass may differ where the mass is met to the last bits, since the device sums in another
 * order.
 */
class TopTokensTest {

  private static final int TOP = 64;
  private static final int[] STOPS = {5};

  @Property(tries = 500, seed = "7")
  void shouldDrawAsFromTheWholeRow(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 2) double temperature,
      @ForAll("shares") double topP,
      @ForAll("numbers") int topK,
      @ForAll("floors") double minP,
      @ForAll @IntRange(min = 0, max = 2) int bans,
      @ForAll boolean all,
      @ForAll @DoubleRange(min = 0.1, max = 6) double spread) {
    // Given
    Sampling sampling = new Sampling(temperature, topP, topK, minP, 1, 10, List.of(STOPS[0]), seed);
    AllowedTokens choice = choice(bans);
    int vocabulary = all ? TOP : 400;
    Row row = new Row(vocabulary, seed, spread, temperature);
    TokenSampler whole = new TokenSampler(vocabulary);
    TokenSampler picked = new TokenSampler(vocabulary);
    SplittableRandom one = new SplittableRandom(seed);
    SplittableRandom other = new SplittableRandom(seed);

    for (int draw = 0; draw < 5; draw++) {
      // When
      picked.load(row, 1);
      int drawn = picked.draw(sampling, one, null, choice, STOPS);

      // Then
      whole.load(row.logits, 1);
      assertThat(drawn).isEqualTo(whole.draw(sampling, other, null, choice, STOPS));
      assertThat(picked.logProbability()).isCloseTo(whole.logProbability(), within(1e-5f));
      assertThat(picked.choices()).isEqualTo(whole.choices());
    }
    boolean byNumber = topK > 0 && topK <= TOP && topK < vocabulary && choice == null;
    boolean plain = topK == 0 && topP == 1 && minP == 0 && choice == null;
    if (temperature == 0 && choice == null || byNumber || plain) {
      assertThat(row.fetched).isFalse();
    }
  }

  @Example
  void shouldFetchTheRowWhoseTokensAreWatched() {
    // Given
    Row row = new Row(200, 7, 2, 1);
    TokenSampler sampler = new TokenSampler(200);
    TokenSampler whole = new TokenSampler(200);
    whole.load(row.logits, 1);
    sampler.load((Logits) row, 1);

    // When
    List<Double> watched = sampler.logProbabilities(List.of(0, 63, 199));

    // Then
    assertThat(row.fetched).isTrue();
    assertThat(watched).isEqualTo(whole.logProbabilities(List.of(0, 63, 199)));
    double total = IntStream.range(200, 400).mapToDouble(i -> Math.exp(row.logits.get(i))).sum();
    assertThat(watched.getFirst()).isCloseTo(row.logits.get(200) - Math.log(total), within(1e-5));
  }

  @Provide
  Arbitrary<Double> shares() {
    return Arbitraries.oneOf(Arbitraries.just(1.0), Arbitraries.doubles().between(0.05, 1));
  }

  @Provide
  Arbitrary<Double> floors() {
    return Arbitraries.oneOf(Arbitraries.just(0.0), Arbitraries.doubles().between(0, 1));
  }

  @Provide
  Arbitrary<Integer> numbers() {
    return Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(0, 100));
  }

  private static @Nullable AllowedTokens choice(int bans) {
    return switch (bans) {
      case 0 -> null;
      case 1 -> AllowedTokens.allBut(new int[] {1, 2, 3, 300}, true);
      default -> AllowedTokens.allBut(IntStream.range(0, 30).toArray(), false);
    };
  }

  /** Two rows, of which the second is looked at; logits of one decimal, so that some are equal. */
  private static final class Row implements Logits {

    private final int vocabulary;
    private final FloatBuffer logits;
    private final TopTokens top;
    private boolean fetched;

    Row(int vocabulary, long seed, double spread, double temperature) {
      logits = FloatBuffer.allocate(2 * vocabulary);
      SplittableRandom random = new SplittableRandom(~seed);
      for (int i = 0; i < 2 * vocabulary; i++) {
        logits.put(i, Math.round(10 * spread * random.nextGaussian()) / 10f);
      }
      float scale = InferenceDecoder.scale(temperature);
      FloatBuffer values = FloatBuffer.allocate(2 * TOP);
      LongBuffer ids = LongBuffer.allocate(2 * TOP);
      int blocks = TopTokens.blocks(vocabulary);
      FloatBuffer sums = FloatBuffer.allocate(2 * blocks);
      for (int row = 0; row < 2; row++) {
        int first = row * vocabulary;
        List<Integer> sorted =
            IntStream.range(0, vocabulary)
                .boxed()
                .sorted(
                    Comparator.<Integer>comparingDouble(id -> -logits.get(first + id))
                        .thenComparing(id -> id))
                .toList();
        for (int i = 0; i < TOP; i++) {
          ids.put(row * TOP + i, sorted.get(i));
          values.put(row * TOP + i, logits.get(first + sorted.get(i)));
        }
        float largest = values.get(row * TOP);
        for (int block = 0; block < blocks; block++) {
          int end = Math.min(vocabulary, (block + 1) * TopTokens.BLOCK);
          double sum =
              IntStream.range(block * TopTokens.BLOCK, end)
                  .mapToDouble(id -> Math.exp((double) (logits.get(first + id) - largest) * scale))
                  .sum();
          sums.put(row * blocks + block, (float) sum);
        }
      }
      this.vocabulary = vocabulary;
      top = new TopTokens(TOP, values, ids, sums, FloatBuffer.wrap(new float[] {1, scale}));
    }

    @Override
    public FloatBuffer rows() {
      fetched = true;
      return logits;
    }

    @Override
    public FloatBuffer block(int row, int block) {
      int first = block * TopTokens.BLOCK;
      return logits.slice(row * vocabulary + first, Math.min(TopTokens.BLOCK, vocabulary - first));
    }

    @Override
    public TopTokens top() {
      return top;
    }
  }
}
