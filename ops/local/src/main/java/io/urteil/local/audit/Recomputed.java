package io.urteil.local.audit;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.run.RunFile;
import io.urteil.topology.batch.BatchChange;
import io.urteil.topology.batch.Filtered;
import io.urteil.topology.batch.GrpoBatches;
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
   * @param recorded the batch that says what does not follow from its groups: its number, why it
   *     closed, what was filtered before it, and when it was made
   */
  public static List<SpecificRecord> batch(
      RunFile run, GrpoBatch recorded, List<GroupOutcome> groups) {
    Filtered filtered =
        new Filtered(
            recorded.getFilteredGroups(),
            recorded.getFilteredRollouts(),
            recorded.getFilteredTokens());
    List<SpecificRecord> parts = new ArrayList<>();
    for (GrpoBatch part :
        GrpoBatches.of(
            run,
            new BatchChange.Full(
                recorded.getNumber(), groups, BatchChange.CloseReason.GROUPS, filtered),
            group -> CODEC.encode(group).length,
            recorded.getCreatedAt())) {
      parts.add(GrpoBatch.newBuilder(part).setCloseReason(recorded.getCloseReason()).build());
    }
    return parts;
  }
}
