package io.urteil.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.EventLog;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventRulesTest {

  private static final Prompt PROMPT = TestEvents.prompt(0).build();
  private static final Rollout ROLLOUT = TestEvents.rollout(PROMPT, "AB", 0).build();
  private static final Judgement JUDGEMENT = TestEvents.judgement(ROLLOUT, "A").build();

  @Test
  void shouldAcceptOrdinaryEvents() {
    assertThat(EventRules.violation(PROMPT)).isEmpty();
    assertThat(EventRules.violation(ROLLOUT)).isEmpty();
    assertThat(EventRules.violation(JUDGEMENT)).isEmpty();
  }

  @Test
  void shouldNameWhatAPromptMayNotHave() {
    String text = "x".repeat(2_000);
    assertThat(EventRules.violation(TestEvents.prompt(0).setGroupId(text).build()))
        .contains("groupId: 2000 bytes (expected: at most 1024)");
    assertThat(EventRules.violation(TestEvents.prompt(0).setSamplesPerArm(1 << 30).build()))
        .contains("members of the group: 2147483648 (expected: at most 8192)");
    assertThat(
            EventRules.violation(
                TestEvents.prompt(0)
                    .setMembers(List.of(new MemberKey("AB", 0, Integer.MAX_VALUE)))
                    .build()))
        .contains("attempt: 2147483647 (expected: 0 to 1000)");
    assertThat(
            EventRules.violation(
                TestEvents.prompt(0)
                    .setArms(List.of(TestEvents.arm(text, "A", 0)))
                    .setSamplesPerArm(1)
                    .build()))
        .contains("arm: 2000 bytes (expected: at most 128)");
    assertThat(
            EventRules.violation(
                TestEvents.prompt(0)
                    .setArms(List.of(TestEvents.arm("AB", "ä".repeat(1 << 20), 0)))
                    .build()))
        .contains("references: 2097152 bytes (expected: at most 1048576)");
    assertThat(
            EventRules.violation(
                TestEvents.prompt(0).setColumns(Map.of("c", "x".repeat(1 << 18))).build()))
        .contains("columns: 262145 bytes (expected: at most 262144)");
    assertThat(EventRules.violation(TestEvents.prompt(0).setDeadlineMillis(-1).build()))
        .contains("deadlineMillis: -1 (expected: 0 to 31622400000)");
    assertThat(EventRules.violation(TestEvents.prompt(0).setDeadlineMillis(Long.MAX_VALUE).build()))
        .isPresent();
  }

  @Test
  void shouldNameWhatAJudgementMayNotHave() {
    assertThat(of(Verdict.newBuilder().setLabel("x".repeat(5 << 20)).build()))
        .contains("label: 5242880 bytes (expected: at most 1024)");
    assertThat(of(Verdict.newBuilder().setScores(List.of(1.0, Double.NaN)).build()))
        .contains("scores: NaN (expected: a finite number)");
    assertThat(of(Verdict.newBuilder().setScores(List.of(Double.POSITIVE_INFINITY)).build()))
        .contains("scores: Infinity (expected: a finite number)");
    assertThat(of(Verdict.newBuilder().setProbabilities(List.of(0.5, 1.5)).build()))
        .contains("probabilities: 1.5 (expected: 0 to 1)");
    assertThat(of(Verdict.newBuilder().setProbabilities(List.of(Double.NaN)).build()))
        .contains("probabilities: NaN (expected: 0 to 1)");
    assertThat(of(Verdict.newBuilder().setScores(java.util.Collections.nCopies(257, 1.0)).build()))
        .contains("scores: 257 values (expected: at most 256)");
  }

  @Property(tries = 300)
  void shouldCountTheBytesThatAvroWrites(@ForAll String text) {
    // Given: a lone surrogate is written as one byte, '?'
    long written = text.getBytes(StandardCharsets.UTF_8).length;

    // When
    long counted = EventRules.bytes(text);

    // Then
    assertThat(counted).isGreaterThanOrEqualTo(written).isLessThanOrEqualTo(written * 2);
  }

  @Property(tries = 200)
  void shouldAgreeWithTheProducerAboutPartitions(
      @ForAll String groupId, @ForAll @IntRange(min = 1, max = 64) int partitions) {
    GroupPartitioning partitioning = new GroupPartitioning(partitions);
    int expected =
        org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
            groupId.getBytes(StandardCharsets.UTF_8), partitions);

    assertThat(EventLog.partitionOf(groupId, partitions)).isEqualTo(expected);
    for (int partition = 0; partition < partitions; partition++) {
      assertThat(partitioning.violation(groupId, partition).isEmpty())
          .isEqualTo(partition == expected);
    }
  }

  private static Optional<String> of(Verdict verdict) {
    return EventRules.violation(
        Judgement.newBuilder(JUDGEMENT)
            .setStatus(JudgementStatus.SCORED)
            .setVerdict(verdict)
            .build());
  }
}
