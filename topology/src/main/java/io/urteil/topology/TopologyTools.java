package io.urteil.topology;

import io.urteil.contract.GroupPartitioning;
import io.urteil.event.EventCodec;

/** What the steps of one topology share. Thread-safe. */
record TopologyTools(
    EventCodec codec, EncodedEvents encoded, GroupPartitioning partitioning, RecordFence fence) {

  static TopologyTools of(EventCodec codec, GroupPartitioning partitioning) {
    return new TopologyTools(codec, new EncodedEvents(codec), partitioning, new RecordFence());
  }
}
