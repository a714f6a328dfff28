package io.urteil.topology.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link BatchHeader} to bytes and back, for its store and changelog. The first byte is the version
 * of the layout.
 */
public final class BatchCodec {

  private static final byte VERSION = 1;
  private static final int FIXED_LONGS = 6;

  private BatchCodec() {}

  /** A header as bytes. */
  public static byte[] encode(BatchHeader header) {
    int longs = FIXED_LONGS + header.ready().size();
    ByteBuffer bytes =
        ByteBuffer.allocate(1 + longs * Long.BYTES)
            .put(VERSION)
            .putLong(header.nextOrdinal())
            .putLong(header.arrivals())
            .putLong(header.waiting())
            .putLong(header.batches())
            .putLong(header.groupsBatched())
            .putLong(header.groupsDropped());
    header.ready().forEach(bytes::putLong);
    return bytes.array();
  }

  /** The header in these bytes. */
  public static BatchHeader header(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "batch state layout %d (expected: %d); was it written by a later version?"
              .formatted(version, VERSION));
    }
    long nextOrdinal = bytes.getLong();
    long arrivals = bytes.getLong();
    long waiting = bytes.getLong();
    long batches = bytes.getLong();
    long batched = bytes.getLong();
    long dropped = bytes.getLong();
    List<Long> ready = new ArrayList<>();
    while (bytes.hasRemaining()) {
      ready.add(bytes.getLong());
    }
    return new BatchHeader(nextOrdinal, arrivals, waiting, ready, batches, batched, dropped);
  }
}
