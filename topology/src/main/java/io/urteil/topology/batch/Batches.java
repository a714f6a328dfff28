package io.urteil.topology.batch;

import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/** A full batch as the events that its run file asks for. */
public final class Batches {

  private Batches() {}

  /**
   * The parts of a batch, in order; none when the run has no batches. Everything but {@code
   * createdAt} is a function of the groups and the run file.
   *
   * @param size encoded bytes of what a batch holds
   */
  public static List<? extends SpecificRecord> of(
      RunFile run, BatchChange.Full full, ToIntFunction<SpecificRecord> size, Instant now) {
    BatchCommonFields head = new BatchCommonFields(run, full, now);
    return switch (run.batch().kind()) {
      case GRPO -> GrpoBatches.of(head, size);
      case PREFERENCE -> PreferenceBatches.of(head, size);
      case DEMONSTRATION -> DemonstrationBatches.of(head, size);
      case NONE -> List.of();
    };
  }

  /** The rollouts of a batch by how many versions they are behind; each part has them all. */
  @SuppressWarnings("unchecked") // the type of the field in every schema
  public static Map<String, Integer> lags(List<? extends SpecificRecord> parts) {
    return parts.isEmpty()
        ? Map.of()
        : (Map<String, Integer>) ((SpecificRecordBase) parts.getFirst()).get("lags");
  }
}
