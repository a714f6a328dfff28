package io.urteil.bench.tail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Latencies of a judge's server, in milliseconds and in the order of the rollouts: most are fast,
 * one in {@code slowOneIn} is slow, as with judges that reason.
 */
record Latencies(List<Long> millis) {

  Latencies {
    millis = List.copyOf(millis);
  }

  static Latencies of(int rollouts, long fastMillis, long slowMillis, int slowOneIn, long seed) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < rollouts; i++) {
      all.add(i % slowOneIn == 0 ? slowMillis : fastMillis);
    }
    Collections.shuffle(all, new Random(seed));
    return new Latencies(all);
  }

  /** The time to the last answer if the server is never short of requests. */
  double idealSeconds(int concurrency) {
    PriorityQueue<Long> free = new PriorityQueue<>();
    LongStream.range(0, concurrency).forEach(slot -> free.add(0L));
    long end = 0;
    for (long latency : millis) {
      long done = free.remove() + latency;
      free.add(done);
      end = Math.max(end, done);
    }
    return end / 1e3;
  }
}
