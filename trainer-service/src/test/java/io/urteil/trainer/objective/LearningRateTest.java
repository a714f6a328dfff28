package io.urteil.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void shouldWarmUpThenFallToTheFloor() {
    // Given
    LearningRate rate = new LearningRate.WarmUpCosine(1e-3, 10, 100);

    // When
    double[] rates = {rate.at(0), rate.at(9), rate.at(50), rate.at(100), rate.at(500)};

    // Then
    double tenth = 0.5 + 0.5 * Math.cos(Math.PI * 0.09);
    assertThat(rates)
        .containsExactly(
            new double[] {1e-3 * 0.11, 1e-3 * (tenth + 0.01), 1e-3 * 0.51, 1e-5, 1e-5},
            within(1e-15));
  }

  @Test
  void shouldRefuseARateThatIsNotPositive() {
    assertThatThrownBy(() -> new LearningRate.Constant(0))
        .hasMessage("rate: 0.0 (expected: a positive number)");
  }
}
