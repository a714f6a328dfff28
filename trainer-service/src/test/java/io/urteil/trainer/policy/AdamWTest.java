package io.urteil.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.trainer.objective.SftObjective;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AdamWTest {

  @Test
  void shouldMoveAsTheAlgorithmSaysStepByStep() {
    NativeThreads.limit(1);
    OptimiserSettings settings = new OptimiserSettings(0.9, 0.95, 1e-8, 0.1, 1);
    String name = "model.layers.1.mlp.up_proj.weight";
    try (Decoder policy =
            new Decoder(Parameters.random(RandomDecoders.qwen2(), 1, ScalarType.Double));
        AdamW optimiser = new AdamW(policy.parameters(), settings)) {
      // Given
      GradientStep step = new GradientStep(policy, null, optimiser, 1, ComputeSettings.small());
      List<TrainingSequence> batch = List.of(RandomDecoders.row(new Random(4), 1, 9, 1));
      double[] expected = Tensors.doubles(policy.parameters().get(name));
      double[] first = new double[expected.length];
      double[] second = new double[expected.length];

      for (int t = 1; t <= 3; t++) {
        policy.parameters().clearGradients();
        step.backward(batch, new SftObjective());
        double[] gradient = Tensors.doubles(policy.parameters().get(name).grad());
        double rate = 0.01 / t;

        // When
        optimiser.step(rate);

        // Then
        for (int i = 0; i < expected.length; i++) {
          first[i] = 0.9 * first[i] + 0.1 * gradient[i];
          second[i] = 0.95 * second[i] + 0.05 * gradient[i] * gradient[i];
          double firstHat = first[i] / (1 - Math.pow(0.9, t));
          double secondHat = second[i] / (1 - Math.pow(0.95, t));
          expected[i] -= rate * (0.1 * expected[i] + firstHat / (Math.sqrt(secondHat) + 1e-8));
        }
        assertThat(Tensors.doubles(policy.parameters().get(name)))
            .containsExactly(expected, within(1e-12));
      }
    }
  }
}
