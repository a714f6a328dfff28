package io.urteil.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingSequenceTest {

  @Test
  void shouldRefuseWhatNoTokenCanPredict() {
    assertThatThrownBy(() -> TrainingSequence.demonstration(new int[] {1}, new boolean[] {true}))
        .hasMessage(
            "trained[0]: true (expected: false; no token precedes the first one to predict it)");
  }

  @Test
  void shouldRefuseAMaskOfAnotherLength() {
    assertThatThrownBy(
            () -> TrainingSequence.demonstration(new int[] {1, 2}, new boolean[] {false}))
        .hasMessage("trained: 1 positions (expected: 2, one per token)");
  }

  @Test
  void shouldRefuseABehaviourLogprobThatIsNoNumberWhereItCounts() {
    boolean[] trained = {false, true};
    assertThatThrownBy(
            () -> new TrainingSequence(new int[2], trained, new float[] {0, Float.NaN}, 1))
        .hasMessage("behaviourLogprobs[1]: NaN (expected: a finite number for a trained token)");
  }

  @Test
  void shouldIgnoreBehaviourLogprobsOfPromptTokens() {
    // Given
    boolean[] trained = {false, false, true};
    float[] behaviour = {Float.NaN, Float.NaN, -2};

    // When
    TrainingSequence row = new TrainingSequence(new int[3], trained, behaviour, 1);

    // Then
    assertThat(row.maxAbsLogRatio(new double[] {-1.5})).isEqualTo(0.5);
    assertThat(row.trainedPositions()).containsExactly(2);
  }
}
