package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.EventCodec;
import io.urteil.event.PackedArrays;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.event.TestEvents;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RolloutSequencesTest {

  /** Loading the codec has Avro trust the event classes. */
  @BeforeAll
  static void trustEventClasses() {
    assertThat(EventCodec.EVENTS).isNotEmpty();
  }

  @Test
  void shouldJoinSegmentsAndTrainOnlyWhatThePolicyChose() {
    // Given
    Rollout rollout =
        rollout(
            segment(1, 2).build(),
            segment(3, 4, 5)
                .setTrained(PackedArrays.mask(new boolean[] {true, true, true}))
                .setForced(PackedArrays.mask(new boolean[] {false, true, false}))
                .setLogprobs(PackedArrays.floats(new float[] {-1, 0, -3}))
                .build(),
            segment(6).setRole("tool").build(),
            segment(7)
                .setTrained(PackedArrays.mask(new boolean[] {true}))
                .setLogprobs(PackedArrays.floats(new float[] {-7}))
                .build());

    // When
    TrainingSequence row = RolloutSequences.of(rollout, 0.5, 1);

    // Then
    assertThat(row.tokens()).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(row.trainedPositions()).containsExactly(2, 4, 6);
    assertThat(row.behaviourLogprobs()).containsExactly(0, 0, -1, 0, -3, 0, -7);
    assertThat(row.advantage()).isEqualTo(0.5);
  }

  @Test
  void shouldNotTrainTheFirstTokenOfAll() {
    // Given
    Rollout rollout =
        rollout(
            segment(3, 4)
                .setTrained(PackedArrays.mask(2, true))
                .setLogprobs(PackedArrays.floats(new float[] {-1, -2}))
                .build());

    // When
    TrainingSequence row = RolloutSequences.of(rollout, 1, 1);

    // Then
    assertThat(row.trainedPositions()).containsExactly(1);
  }

  @Test
  void shouldHaveNoBehaviourLogprobsWhenOneTrainedSegmentLacksThem() {
    // Given
    Rollout rollout =
        rollout(segment(1).build(), segment(3).setTrained(PackedArrays.mask(1, true)).build());

    // When
    TrainingSequence row = RolloutSequences.of(rollout, 1, 1);

    // Then
    assertThat(row.hasBehaviourLogprobs()).isFalse();
  }

  @Test
  void shouldRefuseTextWithoutTokens() {
    Rollout rollout = rollout(Segment.newBuilder().setRole("user").setText("words").build());

    assertThatThrownBy(() -> RolloutSequences.of(rollout, 1, 1))
        .hasMessage(
            "tokens: none for a segment of role 'user' with content (expected: its token ids)");
  }

  @Test
  void shouldRefuseMasksAndLogprobsOfAnotherLength() {
    Rollout mask = rollout(segment(1, 2).setTrained(PackedArrays.mask(3, true)).build());
    Rollout logprobs =
        rollout(segment(1, 2).setLogprobs(PackedArrays.floats(new float[] {-1})).build());

    assertThatThrownBy(() -> RolloutSequences.of(mask, 1, 1))
        .hasMessage("trained: 3 values (expected: 0 or 2, one per token)");
    assertThatThrownBy(() -> RolloutSequences.of(logprobs, 1, 1))
        .hasMessage("logprobs: 1 values (expected: 0 or 2, one per token)");
  }

  @Test
  void shouldRefuseARolloutOfAnotherTemperature() {
    // Given
    Rollout rollout = rollout(segment(1, 2).build());
    rollout =
        Rollout.newBuilder(rollout)
            .setSampling(
                SamplingSettings.newBuilder()
                    .setTemperature(0.7)
                    .setMaxTokens(4)
                    .setSeed(1)
                    .build())
            .build();
    Rollout cooler = rollout;

    // When // Then
    assertThatThrownBy(() -> RolloutSequences.of(cooler, 1, 1))
        .hasMessage("temperature: 0.7 (expected: 1.0, the run's)");
  }

  private static Segment.Builder segment(int... tokens) {
    return Segment.newBuilder()
        .setRole("assistant")
        .setText("x")
        .setTokens(PackedArrays.ints(tokens));
  }

  private static Rollout rollout(Segment... segments) {
    return TestEvents.rollout(TestEvents.prompt(1).build(), "AB", 0)
        .setSegments(List.of(segments))
        .build();
  }
}
