package io.urteil.audit;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.run.RunFile;
import io.urteil.topology.batch.BatchChange;
import io.urteil.topology.batch.Batches;
import io.urteil.topology.batch.FilteredTotals;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Recomputes batches from group outcomes with the topology's pure functions. */
public final class Recomputed {

  private static final EventCodec CODEC = new EventCodec();

  private Recomputed() {}

  /**
   * The parts of a batch of these groups, of the kind in the run file.
   *
   * @param recorded a part of the recorded batch, of any kind, from which the fields are copied
   *     that do not follow from the groups: number, close reason, filtered totals and creation time
   */
  public static List<? extends SpecificRecord> batch(
      RunFile run, SpecificRecord recorded, List<GroupOutcome> groups) {
    FilteredTotals filtered =
        new FilteredTotals(
            ((Number) field(recorded, "filteredGroups")).longValue(),
            ((Number) field(recorded, "filteredRollouts")).longValue(),
            ((Number) field(recorded, "filteredTokens")).longValue());
    BatchChange.Full full =
        new BatchChange.Full(
            (long) field(recorded, "number"), groups, BatchChange.CloseReason.GROUPS, filtered);
    List<? extends SpecificRecord> parts =
        Batches.of(
            run, full, entry -> CODEC.encode(entry).length, (Instant) field(recorded, "createdAt"));
    parts.forEach(
        part ->
            part.put(
                part.getSchema().getField("closeReason").pos(), field(recorded, "closeReason")));
    return parts;
  }

  /** A field that batches of all kinds have. */
  private static Object field(SpecificRecord batch, String name) {
    Schema.Field field = batch.getSchema().getField(name);
    return batch.get(field.pos());
  }
}
