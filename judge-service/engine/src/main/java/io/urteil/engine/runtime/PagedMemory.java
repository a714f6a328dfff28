package io.urteil.engine.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.urteil.engine.CacheShape;
import io.urteil.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Address space whose memory the operating system provides page by page, on the first write. Unread
 * positions are zero. On Linux pages can be given back; elsewhere they stay until this is closed.
 * Arenas of Java write zeros to all of their memory instead.
 */
final class PagedMemory implements AutoCloseable {

  private static final boolean LINUX =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
  private static final int PROTECTION_READ_WRITE = 1 | 2;

  /** Private, anonymous, and not charged to the limit of committed memory before it is written. */
  private static final int PRIVATE_ANONYMOUS_NO_RESERVE = 0x02 | 0x20 | 0x4000;

  private static final int ADVICE_DONT_NEED = 4;
  private static final int ADVICE_NO_HUGE_PAGE = 15;
  private static final int CONFIGURATION_PAGE_SIZE = 30;

  /** Bytes of a page. */
  static final int PAGE_BYTES = LINUX ? Posix.pageBytes() : CacheShape.PAGE_BYTES;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  private PagedMemory(MemorySegment address, long bytes, Consumer<MemorySegment> free) {
    this.segment = address.reinterpret(bytes, arena, free);
  }

  /**
   * Reserves address space that starts at a page.
   *
   * @throws EngineException if the operating system refuses
   */
  static PagedMemory reserve(long bytes) {
    return LINUX ? Posix.reserve(bytes) : Portable.reserve(bytes);
  }

  MemorySegment segment() {
    return segment;
  }

  /** Gives back the complete pages of a range; its positions are zero when they are read again. */
  void discard(long from, long to) {
    long first = Math.ceilDiv(from, PAGE_BYTES) * PAGE_BYTES;
    long end = to / PAGE_BYTES * PAGE_BYTES;
    if (LINUX && first < end) {
      Posix.advise(segment.asSlice(first, end - first), ADVICE_DONT_NEED);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  private static EngineException refused(long bytes) {
    return new EngineException(
        "The operating system refuses %s of address space for keys and values (expected: no limit on"
                .formatted(MemoryLedger.mib(bytes))
            + " virtual memory)");
  }

  /** The functions of Linux. */
  private static final class Posix {

    private static final MethodHandle MAP =
        NativeFunctions.named(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle UNMAP =
        NativeFunctions.named("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle ADVISE =
        NativeFunctions.named(
            "madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CONFIGURATION =
        NativeFunctions.named("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));

    static int pageBytes() {
      try {
        return Math.toIntExact((long) CONFIGURATION.invokeExact(CONFIGURATION_PAGE_SIZE));
      } catch (Throwable e) {
        throw NativeFunctions.failed("sysconf", e);
      }
    }

    static PagedMemory reserve(long bytes) {
      MemorySegment address;
      try {
        address =
            (MemorySegment)
                MAP.invokeExact(
                    MemorySegment.NULL,
                    bytes,
                    PROTECTION_READ_WRITE,
                    PRIVATE_ANONYMOUS_NO_RESERVE,
                    -1,
                    0L);
      } catch (Throwable e) {
        throw NativeFunctions.failed("mmap", e);
      }
      if (address.address() == -1) {
        throw refused(bytes);
      }
      PagedMemory memory = new PagedMemory(address, bytes, mapped -> unmap(mapped, bytes));
      // A huge page would provide memory for thousands of positions at the first one. A kernel
      // without huge pages refuses the advice, which then has no object.
      advise(memory.segment(), ADVICE_NO_HUGE_PAGE);
      return memory;
    }

    static void advise(MemorySegment range, int advice) {
      try {
        int unused = (int) ADVISE.invokeExact(range, range.byteSize(), advice);
      } catch (Throwable e) {
        throw NativeFunctions.failed("madvise", e);
      }
    }

    private static void unmap(MemorySegment mapped, long bytes) {
      try {
        int unused = (int) UNMAP.invokeExact(mapped, bytes);
      } catch (Throwable e) {
        throw NativeFunctions.failed("munmap", e);
      }
    }
  }

  /** The allocator of C, which leaves large blocks of zeros to the operating system. */
  private static final class Portable {

    private static final MethodHandle ALLOCATE =
        NativeFunctions.named("calloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE =
        NativeFunctions.named("free", FunctionDescriptor.ofVoid(ADDRESS));

    static PagedMemory reserve(long bytes) {
      MemorySegment block;
      try {
        block = (MemorySegment) ALLOCATE.invokeExact(1L, bytes + PAGE_BYTES);
      } catch (Throwable e) {
        throw NativeFunctions.failed("calloc", e);
      }
      if (block.address() == 0) {
        throw refused(bytes);
      }
      long start = Math.ceilDiv(block.address(), PAGE_BYTES) * PAGE_BYTES;
      return new PagedMemory(MemorySegment.ofAddress(start), bytes, aligned -> free(block));
    }

    private static void free(MemorySegment block) {
      try {
        FREE.invokeExact(block);
      } catch (Throwable e) {
        throw NativeFunctions.failed("free", e);
      }
    }
  }
}
