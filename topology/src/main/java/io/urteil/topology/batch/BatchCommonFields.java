package io.urteil.topology.batch;

import io.urteil.batch.BatchContent;
import io.urteil.event.Ids;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
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
   * The events of the batch, in order; each has a chunk of its entries.
   *
   * @param size encoded bytes of an entry
   */
  <E extends SpecificRecord, B extends SpecificRecordBase> List<B> events(
      BatchContent<E, B> content, ToIntFunction<SpecificRecord> size) {
    var lags = StalenessCounts.of(full.number(), content.policyVersions());
    List<List<E>> spread = BatchChunks.of(content.entries(), size);
    List<B> batches = new ArrayList<>();
    for (List<E> held : spread) {
      B batch = content.event().apply(held);
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
}
