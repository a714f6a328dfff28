package io.urteil.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.model.DecoderConfig;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.Objective;
import io.urteil.trainer.objective.SftObjective;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradientTest {

  private static final double STEP = 1e-5;

  static Stream<Arguments> models() {
    Objective grpo =
        new GrpoObjective(
            new Normalisation.PerSequence(), 0.9, 9, 0.3, 0.8, ImportanceCorrection.BEHAVIOUR);
    return Stream.of(
        Arguments.of("grouped queries, biases, tied; GRPO with KL", RandomDecoders.qwen2(), grpo),
        Arguments.of(
            "query and key norms, untied; cross entropy",
            RandomDecoders.qwen3(),
            new SftObjective()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void shouldEqualCentralDifferencesInEveryEntryOfEveryParameter(
      String description, DecoderConfig config, Objective objective) {
    NativeThreads.limit(1);
    OptimiserSettings settings = OptimiserSettings.reinforcement();
    try (Decoder policy = decoder(config, 1);
        Decoder reference = decoder(config, 2);
        AdamW optimiser = new AdamW(policy.parameters(), settings)) {
      // Given
      GradientStep step =
          new GradientStep(policy, reference, optimiser, 1, new ComputeSettings(1, 24));
      List<TrainingSequence> batch = batch();
      List<double[]> references =
          new GradientStep(reference, null, optimiser, 1, new ComputeSettings(1, 24))
              .logprobs(batch, objective.temperature());

      // When
      policy.parameters().clearGradients();
      step.backward(batch, objective);

      // Then
      List<String> wrong = new ArrayList<>();
      int[] checked = {0};
      policy
          .parameters()
          .forEach(
              (name, tensor) -> {
                double[] gradient = Tensors.doubles(tensor.grad());
                DoublePointer values = tensor.data_ptr_double();
                for (int i = 0; i < gradient.length; i++) {
                  double value = values.get(i);
                  values.put(i, value + STEP);
                  double above = loss(step, batch, objective, references);
                  values.put(i, value - STEP);
                  double below = loss(step, batch, objective, references);
                  values.put(i, value);
                  double expected = (above - below) / (2 * STEP);
                  if (Math.abs(gradient[i] - expected)
                      > 1e-6 * Math.max(1e-2, Math.abs(expected))) {
                    wrong.add(
                        "%s[%d]: %s (expected: %s)".formatted(name, i, gradient[i], expected));
                  }
                  checked[0]++;
                }
              });
      assertThat(wrong).isEmpty();
      assertThat(checked[0]).isGreaterThan(1000);
    }
  }

  private static double loss(
      GradientStep policy,
      List<TrainingSequence> batch,
      Objective objective,
      List<double[]> reference) {
    double[] weights = objective.tokenWeights(batch);
    List<double[]> logprobs = policy.logprobs(batch, objective.temperature());
    double sum = 0;
    for (int i = 0; i < batch.size(); i++) {
      sum += objective.evaluate(batch.get(i), weights[i], logprobs.get(i), reference.get(i)).loss();
    }
    return sum;
  }

  private static Decoder decoder(DecoderConfig config, long seed) {
    return new Decoder(
        RandomDecoders.scattered(Parameters.random(config, seed, ScalarType.Double), seed));
  }

  private static List<TrainingSequence> batch() {
    Random random = new Random(3);
    return List.of(
        RandomDecoders.row(random, 2, 7, 1.3),
        RandomDecoders.row(random, 5, 8, -0.7),
        RandomDecoders.row(random, 1, 4, 0.4));
  }
}
