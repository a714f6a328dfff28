package io.urteil.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.function.LongUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures the hardware limits for a number of threads: memory read bandwidth and arithmetic
 * throughput. Each thread has its own array, larger than the caches. Not thread-safe.
 */
final class HardwareLimits {

  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /**
   * Size of one call of the loops, small enough that the JIT compiles the called method as a whole.
   */
  private static final int LONGS_PER_CALL = 1 << 16;

  private static final int ROUNDS_PER_CALL = 10_000;

  /**
   * @param arrayLongs longs that each thread reads, a multiple of 65,536; must exceed the caches
   *     for published figures
   * @param calls number of calls of 10,000 rounds of multiply-adds
   * @param warmPasses warm-up passes over the arrays
   */
  record Size(int arrayLongs, int calls, int warmPasses) {
    static final Size FULL = new Size(24 << 20, 20_000, 20);
  }

  private final Size size;
  private final List<long[]> arrays = new ArrayList<>();

  /** Allocates the memory and warms up both loops. */
  HardwareLimits(int threads, Size size) throws InterruptedException {
    this.size = size;
    for (int i = 0; i < threads; i++) {
      long[] array = new long[size.arrayLongs()];
      for (int j = 0; j < array.length; j += 512) {
        array[j] = j;
      }
      arrays.add(array);
    }
    for (int pass = 0; pass < size.warmPasses(); pass++) {
      readBytesPerSecond();
    }
    flops();
  }

  /** Bytes per second of one pass over all arrays by all threads. */
  double readBytesPerSecond() throws InterruptedException {
    double seconds = onEveryThread(thread -> sum(arrays.get((int) thread)));
    return (double) arrays.size() * size.arrayLongs() * Long.BYTES / seconds;
  }

  /** Floating-point operations per second; a fused multiply-add counts as two. */
  double flops() throws InterruptedException {
    double seconds = onEveryThread(thread -> multiplyAddCalls());
    return 2.0 * arrays.size() * size.calls() * ROUNDS_PER_CALL * 8 * FLOATS.length() / seconds;
  }

  private double onEveryThread(LongUnaryOperator work) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(arrays.size());
    long[] began = new long[arrays.size()];
    long[] ended = new long[arrays.size()];
    long[] results = new long[arrays.size()];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      int thread = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      start.await();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                    began[thread] = System.nanoTime();
                    results[thread] = work.applyAsLong(thread);
                    ended[thread] = System.nanoTime();
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < arrays.size(); i++) {
      first = Math.min(first, began[i]);
      last = Math.max(last, ended[i]);
    }
    return (last - first) / 1e9;
  }

  private static long sum(long[] array) {
    long sum = 0;
    for (int from = 0; from < array.length; from += LONGS_PER_CALL) {
      sum += sum(array, from, from + LONGS_PER_CALL);
    }
    return sum;
  }

  private long multiplyAddCalls() {
    long sum = 0;
    for (int call = 0; call < size.calls(); call++) {
      sum += multiplyAdd(ROUNDS_PER_CALL);
    }
    return sum;
  }

  private static long sum(long[] array, int from, int to) {
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    int step = LONGS.length();
    for (int i = from; i + 4 * step <= to; i += 4 * step) {
      a = a.add(LongVector.fromArray(LONGS, array, i));
      b = b.add(LongVector.fromArray(LONGS, array, i + step));
      c = c.add(LongVector.fromArray(LONGS, array, i + 2 * step));
      d = d.add(LongVector.fromArray(LONGS, array, i + 3 * step));
    }
    return a.add(b).add(c.add(d)).reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
  }

  /** Eight independent chains hide the latency of the operation. */
  private static long multiplyAdd(int rounds) {
    FloatVector by = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector plus = FloatVector.broadcast(FLOATS, 0.001f);
    FloatVector a = plus;
    FloatVector b = plus;
    FloatVector c = plus;
    FloatVector d = plus;
    FloatVector e = plus;
    FloatVector f = plus;
    FloatVector g = plus;
    FloatVector h = plus;
    for (int i = 0; i < rounds; i++) {
      a = a.fma(by, plus);
      b = b.fma(by, plus);
      c = c.fma(by, plus);
      d = d.fma(by, plus);
      e = e.fma(by, plus);
      f = f.fma(by, plus);
      g = g.fma(by, plus);
      h = h.fma(by, plus);
    }
    FloatVector all = a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h)));
    return (long) all.reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
  }
}
