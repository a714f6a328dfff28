package io.urteil.batch;

import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/** No batches: the run scores without training. */
public record NoBatches() implements BatchKind {

  @Override
  public String kind() {
    return "none";
  }

  @Override
  public Event event() {
    return Event.NONE;
  }

  @Override
  public Optional<String> noSignal(List<double[]> rewards) {
    return Optional.empty();
  }

  @Override
  public BatchContent<?, ? extends SpecificRecordBase> content(FullBatch batch) {
    throw new IllegalStateException("batch.kind: none (expected: a kind that has batches)");
  }
}
