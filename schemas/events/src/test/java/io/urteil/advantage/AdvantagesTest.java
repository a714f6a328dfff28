package io.urteil.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.advantage.NormalisedAdvantage.Baseline;
import io.urteil.advantage.NormalisedAdvantage.Scale;
import io.urteil.reward.RewardResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AdvantagesTest {

  /** The vectors of {@code ops/python/golden/advantages.py}. */
  @TestFactory
  Stream<DynamicTest> shouldAgreeWithTheGoldenVector() throws IOException {
    JsonNode vectors =
        new ObjectMapper().readTree(getClass().getResourceAsStream("/golden/advantages.json"));
    assertThat(vectors).hasSize(119);
    return StreamSupport.stream(vectors.spliterator(), false)
        .map(
            vector ->
                DynamicTest.dynamicTest(
                    vector.path("preset").asText() + ", " + vector.path("case").asText(),
                    () -> check(vector)));
  }

  private static void check(JsonNode vector) {
    // Given
    Advantage settings = settings(vector.path("preset").asText());
    if (!vector.has("rewards")) {
      checkBatch(vector, settings);
      return;
    }
    double[] rewards =
        numbers(vector.path("rewards"))
            .filter(reward -> !reward.isNaN())
            .mapToDouble(r -> r)
            .toArray();

    // When
    double[] advantages = settings.advantages(rewards);

    // Then
    double[] expected = numbers(vector.path("advantages")).mapToDouble(a -> a).toArray();
    assertThat(advantages).containsExactly(expected, within(1e-9));
  }

  private static void checkBatch(JsonNode vector, Advantage settings) {
    // Given
    List<ArmRewards> batch = new java.util.ArrayList<>();
    vector
        .path("batch")
        .forEach(group -> batch.add(ArmRewards.of(numbers(group).mapToDouble(r -> r).toArray())));
    java.util.Map<String, Double> weights = new java.util.HashMap<>();
    vector
        .path("weights")
        .properties()
        .forEach(w -> weights.put(w.getKey(), w.getValue().asDouble()));
    vector.path("parts").forEach(group -> batch.add(weighted(group, weights)));

    // When
    List<double[]> advantages = settings.advantages(batch, weights);

    // Then
    for (int g = 0; g < batch.size(); g++) {
      double[] expected = numbers(vector.path("advantages").path(g)).mapToDouble(a -> a).toArray();
      // The script sees the parts before they are weighted, so its epsilon counts otherwise.
      double slack = vector.has("parts") ? 2e-3 : 1e-9;
      assertThat(advantages.get(g)).containsExactly(expected, within(slack));
    }
  }

  /** Parts as rewards carry them: each by its weight. */
  private static ArmRewards weighted(JsonNode group, java.util.Map<String, Double> weights) {
    List<java.util.Map<String, Double>> parts = new java.util.ArrayList<>();
    for (JsonNode member : group) {
      java.util.Map<String, Double> of = new java.util.HashMap<>();
      member
          .properties()
          .forEach(
              part ->
                  of.put(
                      part.getKey(),
                      part.getValue().asDouble() * weights.getOrDefault(part.getKey(), 1.0)));
      parts.add(of);
    }
    double[] rewards =
        parts.stream().mapToDouble(of -> of.values().stream().mapToDouble(v -> v).sum()).toArray();
    return new ArmRewards(rewards, parts);
  }

  private static Stream<Double> numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> node.isNull() ? Double.NaN : node.asDouble());
  }

  private static Advantage settings(String preset) {
    return preset.equals("default") ? AdvantagePresets.DEFAULT : AdvantagePresets.named(preset);
  }

  @Test
  void shouldBeExactlyZeroWhenEqualRewardsHaveNoExactMean() {
    // Given
    double[] rewards = {0.1, 0.1, 0.1};

    // When
    double[] advantages = settings("openrlhf").advantages(rewards);

    // Then
    assertThat(advantages).containsOnly(0.0);
  }

  @Test
  void shouldBeFiniteWhenTheSettingsLeaveNothingToDivideBy() {
    // Given
    Advantage settings = new NormalisedAdvantage(null, Baseline.NONE, Scale.GROUP, 0, 0);

    // When
    double[] advantages = settings.advantages(2, 2);

    // Then
    assertThat(advantages).containsExactly(2, 2);
  }

  @Test
  void shouldGiveTheRawRewardToOneSurvivorOnlyWhereTheSettingsSaySo() {
    assertThat(settings("verl").advantages(0.5)[0]).isCloseTo(0.5, within(1e-6));
    for (String preset :
        List.of("trl", "trl-async", "openrlhf", "nemo", "pipelinerl", "prime", "dr-grpo", "rloo")) {
      assertThat(settings(preset).advantages(0.5)).containsExactly(0.0);
    }
  }

  @Test
  void shouldNotDivideByTheResidueOfARoundedDeviation() {
    // Given
    double[] oneAgainstSeven = {0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0};

    // When
    double[] advantages = settings("nemo").advantages(oneAgainstSeven);

    // Then
    assertThat(advantages[7]).isCloseTo(-0.35, within(1e-12));
  }

  @Property
  void shouldSumToZeroWhenTheBaselineIsTheMean(
      @ForAll("rewards") List<Double> rewards, @ForAll("comparing") NormalisedAdvantage settings) {
    double[] advantages = settings.advantages(array(rewards));
    double largest = Arrays.stream(advantages).map(Math::abs).max().orElse(0);
    assertThat(Arrays.stream(advantages).sum())
        .isCloseTo(0, within(1e-9 * rewards.size() * Math.max(1, largest)));
  }

  @Property
  void shouldNotMoveWhenAllRewardsAreShifted(
      @ForAll("rewards") List<Double> rewards, @ForAll("comparing") NormalisedAdvantage settings) {
    double[] shifted = rewards.stream().mapToDouble(reward -> reward + 16).toArray();
    assertThat(settings.advantages(shifted))
        .containsExactly(settings.advantages(array(rewards)), within(1e-9));
  }

  @Property
  void shouldScaleWithTheRewardsExactlyWhenNothingIsDividedBy(
      @ForAll("rewards") List<Double> rewards, @ForAll("comparing") NormalisedAdvantage settings) {
    double factor = 4;
    double[] scaled = rewards.stream().mapToDouble(reward -> factor * reward).toArray();
    double[] once = settings.advantages(array(rewards));
    double expected = settings.scale() == Scale.NONE ? factor : 1;
    double[] times = Arrays.stream(once).map(a -> expected * a).toArray();
    double slack = settings.scale() == Scale.NONE ? 1e-9 : settings.epsilon() * 400 + 1e-9;
    assertThat(settings.advantages(scaled)).containsExactly(times, within(slack));
  }

  @Property
  void shouldFollowItsRewardWhenMembersArePermuted(
      @ForAll("rewards") List<Double> rewards,
      @ForAll("comparing") NormalisedAdvantage settings,
      @ForAll long seed) {
    List<Integer> order =
        new java.util.ArrayList<>(
            java.util.stream.IntStream.range(0, rewards.size()).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    double[] straight = settings.advantages(array(rewards));
    double[] permuted = settings.advantages(order.stream().mapToDouble(rewards::get).toArray());
    double[] expected = order.stream().mapToDouble(place -> straight[place]).toArray();
    assertThat(permuted).containsExactly(expected, within(1e-9));
  }

  /** Also as floats, in which the trainer computes. */
  @Property
  void shouldBeFiniteForEveryRewardThatTheTopologyPays(
      @ForAll("paid") List<Double> rewards, @ForAll("comparing") NormalisedAdvantage settings) {
    assertThat(Arrays.stream(settings.advantages(array(rewards))).boxed())
        .allMatch(advantage -> Float.isFinite(advantage.floatValue()));
  }

  @Provide
  Arbitrary<List<Double>> paid() {
    return Arbitraries.oneOf(
            Arbitraries.doubles().between(-RewardResult.MAX_MAGNITUDE, RewardResult.MAX_MAGNITUDE),
            Arbitraries.of(
                RewardResult.MAX_MAGNITUDE, -RewardResult.MAX_MAGNITUDE, 0.0, Double.MIN_VALUE))
        .list()
        .ofMinSize(1)
        .ofMaxSize(64);
  }

  @Provide
  Arbitrary<List<Double>> rewards() {
    return Arbitraries.integers()
        .between(-8, 8)
        .map(i -> i / 4.0)
        .list()
        .ofMinSize(2)
        .ofMaxSize(16);
  }

  @Provide
  Arbitrary<NormalisedAdvantage> comparing() {
    return Combinators.combine(
            Arbitraries.of(Baseline.MEAN, Baseline.LEAVE_ONE_OUT),
            Arbitraries.of(Scale.NONE, Scale.GROUP),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of(1e-4, 1e-6, 1e-9))
        .as(
            (baseline, scale, ddof, epsilon) ->
                new NormalisedAdvantage(null, baseline, scale, ddof, epsilon));
  }

  private static double[] array(List<Double> rewards) {
    return rewards.stream().mapToDouble(reward -> reward).toArray();
  }
}
