package io.urteil.local.audit;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.run.RunFile;
import io.urteil.topology.batch.BatchChange;
import io.urteil.topology.batch.GrpoBatches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What the topology's pure functions make of closed groups. */
public final class Recomputed {

  private static final EventCodec CODEC = new EventCodec();

  private Recomputed() {}

  /**
   * The parts of a batch of these groups.
   *
   * @param closeReason as recorded
   * @param now when the batch is said to be made
   */
  public static List<SpecificRecord> batch(
      RunFile run, long number, List<GroupOutcome> groups, String closeReason, Instant now) {
    List<SpecificRecord> parts = new ArrayList<>();
    for (GrpoBatch part :
        GrpoBatches.of(
            run,
            new BatchChange.Full(number, groups),
            group -> CODEC.encode(group).length,
            now)) {
      parts.add(GrpoBatch.newBuilder(part).setCloseReason(closeReason).build());
    }
    return parts;
  }
}
