package io.urteil.topology.batch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes {@link BatchProgress}, for its store and changelog. The first byte is the version of the
 * layout; later versions read earlier ones.
 */
public final class BatchCodec {

  private static final byte VERSION = 2;

  /** Before filtering was counted and batches closed by tokens. */
  private static final byte FIRST = 1;

  private static final int FIXED_LONGS = 14;

  private BatchCodec() {}

  /** A header as bytes. */
  public static byte[] encode(BatchProgress header) {
    int longs = FIXED_LONGS + header.ready().size();
    ByteBuffer bytes =
        ByteBuffer.allocate(1 + longs * Long.BYTES)
            .put(VERSION)
            .putLong(header.nextOrdinal())
            .putLong(header.arrivals())
            .putLong(header.waiting())
            .putLong(header.batches())
            .putLong(header.groupsBatched())
            .putLong(header.groupsDropped())
            .putLong(header.readyTokens())
            .putLong(header.places());
    put(bytes, header.filtered());
    put(bytes, header.reported());
    header.ready().forEach(bytes::putLong);
    return bytes.array();
  }

  /** The header in these bytes. */
  public static BatchProgress header(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    byte version = bytes.get();
    if (version < FIRST || version > VERSION) {
      throw new IllegalStateException(
          "batch state layout %d (expected: %d to %d); was it written by a later version?"
              .formatted(version, FIRST, VERSION));
    }
    boolean first = version == FIRST;
    long nextOrdinal = bytes.getLong();
    long arrivals = bytes.getLong();
    long waiting = bytes.getLong();
    long batches = bytes.getLong();
    long batched = bytes.getLong();
    long dropped = bytes.getLong();
    long readyTokens = first ? 0 : bytes.getLong();
    long places = first ? 0 : bytes.getLong();
    FilteredTotals filtered = first ? FilteredTotals.NONE : filtered(bytes);
    FilteredTotals reported = first ? FilteredTotals.NONE : filtered(bytes);
    List<Long> ready = new ArrayList<>();
    while (bytes.hasRemaining()) {
      ready.add(bytes.getLong());
    }
    return new BatchProgress(
        nextOrdinal,
        arrivals,
        waiting,
        ready,
        readyTokens,
        first ? ready.size() : places,
        batches,
        batched,
        dropped,
        filtered,
        reported);
  }

  private static void put(ByteBuffer bytes, FilteredTotals filtered) {
    bytes.putLong(filtered.groups()).putLong(filtered.rollouts()).putLong(filtered.tokens());
  }

  private static FilteredTotals filtered(ByteBuffer bytes) {
    return new FilteredTotals(bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
