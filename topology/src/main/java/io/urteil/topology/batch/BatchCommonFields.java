package io.urteil.topology.batch;

import io.urteil.event.Ids;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The fields that batches of all kinds have in common. The schemas of all kinds have them under the
 * same names.
 *
 * @param full the groups, and the limit that closed the batch
 * @param now its creation time
 */
record BatchCommonFields(RunFile run, BatchChange.Full full, Instant now) {

  /**
   * The chunks of the batch, in order.
   *
   * @param sampled the rollouts of the batch
   * @param entries the content of the batch, distributed over its chunks
   * @param size encoded bytes of an entry
   * @param part creates a chunk of these entries, without the common fields
   */
  <E extends SpecificRecord, B extends SpecificRecordBase> List<B> parts(
      Stream<StalenessCounts.Versioned> sampled,
      List<E> entries,
      ToIntFunction<SpecificRecord> size,
      Function<List<E>, B> part) {
    var lags = StalenessCounts.of(full.number(), sampled);
    List<List<E>> spread = BatchChunks.of(entries, size);
    List<B> batches = new ArrayList<>();
    for (List<E> held : spread) {
      B batch = part.apply(held);
      batch.put("batchId", Ids.batch(full.groups().getFirst().getRunId(), full.number()));
      batch.put("runId", full.groups().getFirst().getRunId());
      batch.put("number", full.number());
      batch.put("part", batches.size());
      batch.put("parts", spread.size());
      batch.put("runHash", run.hash());
      batch.put("closeReason", full.reason().spelling());
      batch.put("lags", lags);
      batch.put("filteredGroups", (int) full.filtered().groups());
      batch.put("filteredRollouts", (int) full.filtered().rollouts());
      batch.put("filteredTokens", full.filtered().tokens());
      batch.put("createdAt", now);
      batches.add(batch);
    }
    return batches;
  }

  /** Ids of all groups of the batch, in batch order. */
  List<String> groupIds() {
    return full.groups().stream().map(group -> group.getGroupId()).toList();
  }
}
