package io.urteil.topology.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;

class RewardWindowTest {

  @Example
  void shouldGiveMeanAndDeviationOfTheLastRewards() {
    // Given
    RewardWindow window = new RewardWindow();
    assertThat(window.mean()).isNaN();

    // When
    for (int i = 0; i < RewardWindow.SIZE; i++) {
      window.add(100);
    }
    for (int i = 0; i < RewardWindow.SIZE; i++) {
      window.add(i % 2 == 0 ? -1 : 2);
    }

    // Then
    assertThat(window.mean()).isCloseTo(0.5, within(1e-12));
    assertThat(window.deviation()).isCloseTo(1.5, within(1e-12));
  }
}
