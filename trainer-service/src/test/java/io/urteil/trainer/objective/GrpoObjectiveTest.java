package io.urteil.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GrpoObjectiveTest {

  @Test
  void shouldAgreeWithNumpyOnEveryGoldenCase() throws IOException {
    // Given
    JsonNode cases = new JsonMapper().readTree(getClass().getResource("grpo_loss.json"));

    for (JsonNode golden : cases) {
      // When
      Result result = evaluate(objective(golden), rows(golden), golden);

      // Then
      JsonNode expected = golden.path("expected");
      assertThat(result.loss).isCloseTo(expected.path("loss").asDouble(), within(1e-12));
      assertThat(result.kl).isCloseTo(expected.path("kl").asDouble(), within(1e-12));
      assertThat(result.clipped).isEqualTo(expected.path("clippedTokens").asInt());
      for (int row = 0; row < result.gradients.size(); row++) {
        assertThat(result.gradients.get(row))
            .containsExactly(numbers(expected.path("gradient").get(row)), within(1e-12));
      }
    }
    assertThat(cases).hasSize(24);
  }

  @Property
  void shouldHaveRatioOneWhenTheTrainerIsTheSampler(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -20, max = 0) Double> behaviour,
      @ForAll @DoubleRange(min = -5, max = 5) double advantage) {
    // Given
    TrainingSequence row = row(behaviour, advantage);

    // When
    double[] logprobs = recorded(row);
    SequenceLoss loss = grpo(0).evaluate(row, 0.5, logprobs, new double[0]);

    // Then
    assertThat(loss.loss()).isCloseTo(-0.5 * advantage * behaviour.size(), within(1e-9));
    assertThat(loss.clippedTokens()).isZero();
    assertThat(row.maxAbsLogRatio(logprobs)).isZero();
  }

  @Property
  void shouldNeverEstimateANegativeDivergence(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -20, max = 0) Double> reference,
      @ForAll @DoubleRange(min = -20, max = 0) double logprob) {
    // Given
    TrainingSequence row = row(reference, 1);
    double[] logprobs = new double[reference.size()];
    Arrays.fill(logprobs, logprob);

    // When
    SequenceLoss loss = grpo(0.1).evaluate(row, 1, logprobs, unboxed(reference));

    // Then
    assertThat(loss.kl()).isNotNegative();
  }

  @Property
  void shouldBoundWhatATokenCanGainAndStopItsGradientThere(
      @ForAll @DoubleRange(min = -10, max = 0) double behaviour,
      @ForAll @DoubleRange(min = -10, max = 0) double logprob,
      @ForAll @DoubleRange(min = -3, max = 3) double advantage) {
    // Given
    TrainingSequence row = row(List.of(behaviour), advantage);
    double ratio = Math.exp(logprob - recorded(row)[0]);
    boolean clipped = advantage > 0 ? ratio > 1.28 : advantage < 0 && ratio < 0.8;

    // When
    SequenceLoss loss = grpo(0).evaluate(row, 1, new double[] {logprob}, new double[0]);

    // Then
    assertThat(-loss.loss())
        .isLessThanOrEqualTo(Math.max(1.28 * advantage, 0.8 * advantage) + 1e-9);
    assertThat(loss.clippedTokens()).isEqualTo(clipped ? 1 : 0);
    assertThat(loss.gradient()[0])
        .isCloseTo(clipped ? 0 : -ratio * advantage, within(1e-9 * Math.max(1, ratio)));
  }

  @Property(tries = 100)
  void shouldNotDependOnTheOrderOfRows(@ForAll long seed) {
    // Given
    Random random = new Random(seed);
    List<TrainingSequence> batch = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<Double> behaviour = random.doubles(1 + random.nextInt(6), -4, 0).boxed().toList();
      batch.add(row(behaviour, random.nextGaussian()));
    }
    List<TrainingSequence> shuffled = new ArrayList<>(batch);
    Collections.shuffle(shuffled, random);

    // When
    double[] losses =
        IntStream.range(0, 3)
            .mapToDouble(n -> total(normalisation(n), batch) - total(normalisation(n), shuffled))
            .toArray();

    // Then
    assertThat(losses).containsExactly(new double[3], within(1e-12));
  }

  @Test
  void shouldLeaveOutZeroAdvantageOnlyWithoutDivergence() {
    // Given
    TrainingSequence row = row(List.of(-1.0, -2.0), 0);

    // When
    boolean without = grpo(0).contributes(row);
    boolean with = grpo(0.01).contributes(row);

    // Then
    assertThat(without).isFalse();
    assertThat(with).isTrue();
  }

  @Test
  void shouldCountLeftOutRowsInTheTokenWeight() {
    // Given
    List<TrainingSequence> batch =
        List.of(row(List.of(-1.0, -1.0, -1.0), 0), row(List.of(-1.0), 2));

    // When
    double[] weights = grpo(0).tokenWeights(batch);

    // Then
    assertThat(weights).containsExactly(0.25, 0.25);
  }

  @Test
  void shouldRefuseARowWithoutBehaviourLogprobs() {
    // Given
    TrainingSequence row =
        TrainingSequence.demonstration(new int[] {1, 2}, new boolean[] {false, true});

    // When // Then
    assertThatThrownBy(() -> grpo(0).evaluate(row, 1, new double[] {-1}, new double[0]))
        .hasMessage(
            "behaviourLogprobs: none (expected: one per trained token; the importance ratio needs"
                + " them)");
  }

  private static double total(Normalisation normalisation, List<TrainingSequence> batch) {
    GrpoObjective objective =
        new GrpoObjective(normalisation, 0.2, 0.28, 0, 1, ImportanceCorrection.BEHAVIOUR);
    double[] weights = objective.tokenWeights(batch);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double[] logprobs = Arrays.stream(recorded(batch.get(i))).map(l -> l * 1.1).toArray();
      sum += objective.evaluate(batch.get(i), weights[i], logprobs, new double[0]).loss();
    }
    return sum;
  }

  private static Normalisation normalisation(int which) {
    return switch (which) {
      case 0 -> new Normalisation.PerToken();
      case 1 -> new Normalisation.PerSequence();
      default -> new Normalisation.PerConstant(9);
    };
  }

  private static GrpoObjective grpo(double kl) {
    return new GrpoObjective(
        new Normalisation.PerToken(), 0.2, 0.28, kl, 1, ImportanceCorrection.BEHAVIOUR);
  }

  private static GrpoObjective objective(JsonNode golden) {
    return new GrpoObjective(
        switch (golden.path("normalise").asText()) {
          case "token" -> new Normalisation.PerToken();
          case "sequence" -> new Normalisation.PerSequence();
          default -> new Normalisation.PerConstant(golden.path("constantLength").asInt());
        },
        golden.path("clipLow").asDouble(),
        golden.path("clipHigh").asDouble(),
        golden.path("kl").asDouble(),
        1,
        golden.path("importance").asText().equals("none")
            ? ImportanceCorrection.NONE
            : ImportanceCorrection.BEHAVIOUR);
  }

  private static List<TrainingSequence> rows(JsonNode golden) {
    List<TrainingSequence> rows = new ArrayList<>();
    golden
        .path("rows")
        .forEach(
            row ->
                rows.add(
                    row(
                        Arrays.stream(numbers(row.path("behaviour"))).boxed().toList(),
                        row.path("advantage").asDouble())));
    return rows;
  }

  private static Result evaluate(
      GrpoObjective objective, List<TrainingSequence> rows, JsonNode golden) {
    Result result = new Result();
    double[] weights = objective.tokenWeights(rows);
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = golden.path("rows").get(i);
      SequenceLoss loss =
          objective.evaluate(
              rows.get(i),
              weights[i],
              numbers(row.path("logprobs")),
              numbers(row.path("reference")));
      result.loss += loss.loss();
      result.kl += loss.kl();
      result.clipped += loss.clippedTokens();
      result.gradients.add(loss.gradient());
    }
    return result;
  }

  /** A prompt token, then one trained token for each behaviour log-probability. */
  private static TrainingSequence row(List<Double> behaviour, double advantage) {
    int length = behaviour.size() + 1;
    boolean[] trained = new boolean[length];
    float[] logprobs = new float[length];
    for (int t = 1; t < length; t++) {
      trained[t] = true;
      logprobs[t] = behaviour.get(t - 1).floatValue();
    }
    return new TrainingSequence(new int[length], trained, logprobs, advantage);
  }

  private static double[] recorded(TrainingSequence row) {
    return Arrays.stream(row.trainedPositions())
        .mapToDouble(position -> row.behaviourLogprobs()[position])
        .toArray();
  }

  private static double[] unboxed(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  private static final class Result {
    private double loss;
    private double kl;
    private int clipped;
    private final List<double[]> gradients = new ArrayList<>();
  }
}
