package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Judgement;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.RolloutGroup;
import io.urteil.worker.WorkReader.Parsed;
import io.urteil.worker.WorkReader.Work;
import io.urteil.worker.crash.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class CancelledWorkTest {

  private static final Delivery DELIVERY =
      new Delivery("judge-worker", new RecordPosition("rollout-groups", 0, 7), 0, 2);

  private final List<String> calls = new ArrayList<>();
  private final Set<String> cancelled = new HashSet<>();
  private final WorkReader reader =
      ((WorkReader) (record, event) -> new Parsed.Accepted(new RecordedWork()))
          .without((run, group) -> cancelled.contains(run + "/" + group));

  @Test
  void shouldJudgeAGroupThatIsNotCancelled() throws Exception {
    // Given
    cancelled.add("other/group");

    // When
    work().judge(DELIVERY);

    // Then
    assertThat(calls).containsExactly("judge");
  }

  @Test
  void shouldFailWhatIsCancelledWhileItWaits() throws Exception {
    // Given
    Work work = work();

    // When
    cancelled.add("run/group");
    work.judge(DELIVERY);

    // Then
    assertThat(calls).containsExactly("cancelled: no client waits for the group, deliveries: 2");
  }

  private Work work() {
    RolloutGroup group =
        RolloutGroup.newBuilder()
            .setRunId("run")
            .setGroupId("group")
            .setPurpose(Purpose.PROBE)
            .setMembers(List.of())
            .setCreatedAt(Instant.EPOCH)
            .build();
    Parsed parsed = reader.read(new ConsumerRecord<>("topic", 0, 0, "group", new byte[0]), group);
    return ((Parsed.Accepted) parsed).work();
  }

  private final class RecordedWork implements Work {
    @Override
    public String runId() {
      return "run";
    }

    @Override
    public List<Judgement> judge(Delivery delivery) {
      calls.add("judge");
      return List.of();
    }

    @Override
    public List<Judgement> failed(String message, int deliveries) {
      calls.add("%s, deliveries: %d".formatted(message, deliveries));
      return List.of();
    }
  }
}
