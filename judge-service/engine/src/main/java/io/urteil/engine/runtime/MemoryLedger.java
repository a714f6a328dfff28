package io.urteil.engine.runtime;

import com.sun.management.OperatingSystemMXBean;
import io.urteil.engine.Device;
import io.urteil.engine.device.CudaProvider;
import io.urteil.model.file.UnusableModelException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What engines may take of the machine's memory, and have taken. A version is entered before it is
 * opened and struck out when it is closed. Safe for any thread.
 */
public final class MemoryLedger {

  /** What was never entered. */
  public static final Reservation NOTHING = () -> {};

  private static final double MIB = 1 << 20;
  private static final Map<Integer, MemoryLedger> CARDS = new ConcurrentHashMap<>();

  /** A place in the ledger; given back once, however often it is closed. */
  @FunctionalInterface
  public interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  private final long limit;
  private final String setting;
  private long taken;

  /**
   * @param limit bytes
   */
  public MemoryLedger(long limit) {
    this(limit, "memory-mib");
  }

  private MemoryLedger(long limit, String setting) {
    this.limit = limit;
    this.setting = setting;
  }

  /** The ledger that the engines of this process share unless they are given another. */
  public static MemoryLedger machine() {
    return Machine.LEDGER;
  }

  /**
   * The ledger of a device's memory. Of a graphics card nothing is known but what {@code
   * urteil.engine.device-memory-mib} says; without that the card's own refusal is the limit.
   */
  public static MemoryLedger of(Device device) {
    return device.kind() == Device.Kind.CUDA
        ? CARDS.computeIfAbsent(
            device.index(),
            card ->
                new MemoryLedger(
                    CudaProvider.MEMORY > 0 ? CudaProvider.MEMORY : Long.MAX_VALUE,
                    "device-memory-mib"))
        : machine();
  }

  /** Bytes that open versions have taken. */
  public synchronized long taken() {
    return taken;
  }

  /**
   * Enters one version if several of its size would fit.
   *
   * @param versions how many must fit
   * @throws UnusableModelException saying by how much they do not
   */
  public synchronized Reservation reserve(Path model, MemoryRequirement need, int versions) {
    long wanted = need.total() * versions;
    if (taken + wanted > limit) {
      throw new UnusableModelException(
          model,
          List.of(
              ("memory: %s for %d x (%s of weights, %s of slots, %s to work with) beside %s in use"
                      + " (expected: at most %s, so it is %s too much; fewer or shorter slots take"
                      + " less, -Durteil.engine.%s sets the limit)")
                  .formatted(
                      mib(wanted),
                      versions,
                      mib(need.weights()),
                      mib(need.slots()),
                      mib(need.work()),
                      mib(taken),
                      mib(limit),
                      mib(taken + wanted - limit),
                      setting)));
    }
    taken += need.total();
    AtomicBoolean given = new AtomicBoolean();
    return () -> {
      if (given.compareAndSet(false, true)) {
        giveBack(need.total());
      }
    };
  }

  private synchronized void giveBack(long bytes) {
    taken -= bytes;
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  /** What the machine, or the container that the process is in, has beside the heap. */
  private static final class Machine {

    static final MemoryLedger LEDGER = new MemoryLedger(limit());

    private static long limit() {
      long set = Long.getLong("urteil.engine.memory-mib", 0);
      if (set > 0) {
        return set << 20;
      }
      long all =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
      return Math.max(0, all - Runtime.getRuntime().maxMemory());
    }
  }
}
