package io.urteil.topology.batch;

import io.urteil.batch.BatchContent;
import io.urteil.batch.FullBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/** A full batch as the events that its run file asks for. */
public final class Batches {

  private Batches() {}

  /**
   * The events of a batch, in order; none if the run has no batches. Everything but {@code
   * createdAt} is a function of the groups and the run file.
   *
   * @param size encoded bytes of an entry
   */
  public static List<? extends SpecificRecord> of(
      RunFile run, BatchChange.Full full, ToIntFunction<SpecificRecord> size, Instant now) {
    if (!run.batch().hasBatches()) {
      return List.of();
    }
    BatchContent<?, ? extends SpecificRecordBase> content =
        run.batch().kind().content(full(run, full.groups()));
    return new BatchCommonFields(run, full, now).events(content, size);
  }

  /** The groups of a batch as the input of its kind. */
  public static FullBatch full(RunFile run, List<GroupOutcome> groups) {
    Map<String, Double> weights = new LinkedHashMap<>();
    run.reward().parts().forEach((name, part) -> weights.put(name, part.weight()));
    return new FullBatch(groups, run.advantage(), weights);
  }

  /** The rollouts of a batch by how many versions they are behind; each part has them all. */
  @SuppressWarnings("unchecked") // the type of the field in every schema
  public static Map<String, Integer> lags(List<? extends SpecificRecord> parts) {
    return parts.isEmpty()
        ? Map.of()
        : (Map<String, Integer>) ((SpecificRecordBase) parts.getFirst()).get("lags");
  }
}
