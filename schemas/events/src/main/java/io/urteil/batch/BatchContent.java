package io.urteil.batch;

import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * The content of a full batch, which the topology distributes over events that fit into a record.
 *
 * @param entries in batch order
 * @param policyVersions versions that sampled the rollouts of the batch; null for unknown
 * @param event creates an event with some of the entries, without the fields that all kinds share
 */
public record BatchContent<E extends SpecificRecord, B extends SpecificRecordBase>(
    List<E> entries, List<@Nullable Long> policyVersions, Function<List<E>, B> event) {}
