package io.urteil.engine.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory that the operating system provides for {@link PagedMemory} of this process: its mappings
 * are those without huge pages.
 */
public final class ResidentPages {

  private static final long PROBE_BYTES = 1234L * 4096;
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  private ResidentPages() {}

  /** Whether the operating system lists the mappings with their flags. */
  public static boolean areListed() {
    if (!Files.isReadable(MAPPINGS)) {
      return false;
    }
    try (PagedMemory memory = PagedMemory.reserve(PROBE_BYTES)) {
      memory.segment().fill((byte) 1);
      return bytes(PROBE_BYTES) == PROBE_BYTES;
    }
  }

  /**
   * In bytes.
   *
   * @param reserved bytes of address space of the memory in question
   */
  public static long bytes(long reserved) {
    long sum = 0;
    long size = 0;
    long resident = 0;
    try {
      for (String line : Files.readAllLines(MAPPINGS)) {
        if (line.startsWith("Size:")) {
          size = kibibytes(line);
        } else if (line.startsWith("Rss:")) {
          resident = kibibytes(line);
        } else if (line.startsWith("VmFlags:") && line.contains(" nh") && size == reserved) {
          sum += resident;
        }
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
  }
}
