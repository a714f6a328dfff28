package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.EventCodec;
import io.urteil.event.RecordPosition;
import io.urteil.event.RolloutReference;
import io.urteil.event.TestEvents;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {

  /** Loading the codec has Avro trust the event classes. */
  @BeforeAll
  static void trustEventClasses() {
    assertThat(EventCodec.EVENTS).isNotEmpty();
  }

  private final BatchAssembler assembler = new BatchAssembler();

  @Test
  void shouldGiveABatchOnlyWithItsLastPart() {
    // Given
    Optional<TrainingBatch> early = assembler.add(part(4, 0, 2, 10), at(7));

    // When
    Optional<TrainingBatch> whole = assembler.add(part(4, 1, 2, 11), at(9));

    // Then
    assertThat(early).isEmpty();
    assertThat(whole)
        .hasValueSatisfying(
            batch -> {
              assertThat(batch.batchId()).isEqualTo(TestEvents.RUN + "/4");
              assertThat(batch.members())
                  .extracting(member -> member.rollout().getOffset())
                  .containsExactly(10L, 11L);
              assertThat(batch.first()).isEqualTo(at(7));
              assertThat(batch.resume()).isEqualTo(at(10));
            });
  }

  @Test
  void shouldBeginAnewAfterABatch() {
    // Given
    assembler.add(part(0, 0, 1, 10), at(0));

    // When
    Optional<TrainingBatch> next = assembler.add(part(1, 0, 1, 11), at(1));

    // Then
    assertThat(next)
        .hasValueSatisfying(
            batch -> {
              assertThat(batch.members()).hasSize(1);
              assertThat(batch.first()).isEqualTo(at(1));
            });
  }

  @Test
  void shouldRefuseAPartOutOfOrder() {
    // Given
    assembler.add(part(0, 0, 3, 10), at(0));

    // When // Then
    assertThatThrownBy(() -> assembler.add(part(0, 2, 3, 12), at(1)))
        .hasMessage(
            "Batch 'arithmetic-judge/0' part 2 at offset 1 (expected: part 1 of batch number 0);"
                + " was the batches topic changed?");
  }

  @Test
  void shouldRefuseThePartOfAnotherBatch() {
    // Given
    assembler.add(part(0, 0, 2, 10), at(0));

    // When // Then
    assertThatThrownBy(() -> assembler.add(part(1, 1, 2, 12), at(1)))
        .hasMessageContaining("(expected: part 1 of batch number 0)");
  }

  private static RecordPosition at(long offset) {
    return new RecordPosition("batches", 1, offset);
  }

  private static DemonstrationBatch part(long number, int part, int parts, long rolloutOffset) {
    RolloutReference reference =
        RolloutReference.newBuilder()
            .setTopic("rollouts")
            .setPartition(0)
            .setOffset(rolloutOffset)
            .setContentHash("h")
            .build();
    Demonstration shown =
        Demonstration.newBuilder()
            .setGroupId("g")
            .setArm("AB")
            .setIndex(0)
            .setRollout(reference)
            .setReward(1)
            .build();
    return DemonstrationBatch.newBuilder()
        .setBatchId(TestEvents.RUN + "/" + number)
        .setRunId(TestEvents.RUN)
        .setNumber(number)
        .setPart(part)
        .setParts(parts)
        .setRunHash("h")
        .setDemonstrations(List.of(shown))
        .setCloseReason("groups")
        .setCreatedAt(TestEvents.START)
        .build();
  }
}
