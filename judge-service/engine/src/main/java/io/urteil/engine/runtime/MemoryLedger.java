package io.urteil.engine.runtime;

import com.sun.management.OperatingSystemMXBean;
import io.urteil.engine.Device;
import io.urteil.engine.RuntimeSettings;
import io.urteil.model.file.UnusableModelException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * The memory limit of engines, and the memory in use. A version is registered before it is opened
 * and removed when it is closed. Thread-safe.
 */
public final class MemoryLedger {

  /** An entry without memory. */
  public static final Reservation NOTHING = () -> {};

  private static final double MIB = 1 << 20;
  private static final int MACHINE = -1;
  private static final Map<Memory, MemoryLedger> SHARED = new ConcurrentHashMap<>();

  /** An entry of the ledger; closing it is idempotent. */
  @FunctionalInterface
  public interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Memory that engines share.
   *
   * @param card its index, or {@link #MACHINE}
   * @param set bytes that engines may take, as set; 0 for all there are
   */
  private record Memory(int card, long set) {}

  private final long limit;
  private final String setting;
  private long taken;

  /**
   * @param limit bytes
   */
  public MemoryLedger(long limit) {
    this(limit, "memory");
  }

  private MemoryLedger(long limit, String setting) {
    this.limit = limit;
    this.setting = setting;
  }

  /**
   * The ledger that the engines of this process share on one device. The memory of a graphics card
   * is unknown; without a limit in the settings the card's own errors are the limit.
   */
  public static MemoryLedger of(RuntimeSettings runtime) {
    Device device = runtime.device();
    boolean card = device.kind() == Device.Kind.CUDA;
    Memory memory =
        card
            ? new Memory(device.index(), runtime.deviceMemoryBytes())
            : new Memory(MACHINE, runtime.memoryBytes());
    return SHARED.computeIfAbsent(
        memory,
        of ->
            card
                ? new MemoryLedger(of.set() > 0 ? of.set() : Long.MAX_VALUE, "device-memory")
                : new MemoryLedger(of.set() > 0 ? of.set() : machineBytes()));
  }

  /** Memory that is left for further versions, in bytes. */
  public synchronized long free() {
    return Math.max(0, limit - taken);
  }

  /** Memory of open versions in bytes. */
  public synchronized long taken() {
    return taken;
  }

  /**
   * Registers one version if several of its size would fit.
   *
   * @param versions the number that must fit
   * @throws UnusableModelException with the excess
   */
  public Reservation reserve(Path model, MemoryRequirement need, int versions) {
    return reserve(model, need, versions, room -> "fewer or shorter slots take less");
  }

  /**
   * Registers one version if several of its size would fit.
   *
   * @param versions the number that must fit
   * @param advice what would fit into this number of bytes, for the message
   * @throws UnusableModelException with the excess and the advice
   */
  public synchronized Reservation reserve(
      Path model, MemoryRequirement need, int versions, LongFunction<String> advice) {
    long wanted = need.total() * versions;
    if (taken + wanted > limit) {
      throw new UnusableModelException(
          model,
          List.of(
              ("memory: %s for %d x (%s of weights, %s of slots, %s to work with) beside %s in use"
                      + " (expected: at most %s, so it is %s too much; %s, urteil.engine.%s sets the"
                      + " limit)")
                  .formatted(
                      mib(wanted),
                      versions,
                      mib(need.weights()),
                      mib(need.slots()),
                      mib(need.work()),
                      mib(taken),
                      mib(limit),
                      mib(taken + wanted - limit),
                      advice.apply(limit - taken),
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

  static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }

  /** The memory of the machine, or of the process's container, beside the heap. */
  private static long machineBytes() {
    long all =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max(0, all - Runtime.getRuntime().maxMemory());
  }
}
