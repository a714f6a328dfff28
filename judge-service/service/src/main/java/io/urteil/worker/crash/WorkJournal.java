package io.urteil.worker.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that are running in this process, in a file that survives it: one line each, mapped
 * into memory, so that an entry costs no system call. Thread-safe.
 *
 * <p>Many workers may start in one directory at the same time. A file changes its name only by
 * atomic moves, so no worker needs to wait for another:
 *
 * <ol>
 *   <li>{@link #create} writes and locks {@code new-X}, and then moves it to {@code running-X}. So
 *       a journal with that name is locked for as long as its process lives.
 *   <li>Each worker that finds a {@code running-X} without a lock moves it to {@code crashed-X}.
 *       One move succeeds; for the others the file is gone, and they find it under its new name.
 *   <li>{@link #close} deletes the file before it releases the lock, unless a call of it ended the
 *       process.
 * </ol>
 */
final class WorkJournal implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(WorkJournal.class);

  /** Prefix of the names of journals of living processes. */
  static final String RUNNING = "running-";

  /** Prefix of the names of journals that were found after a crash. */
  static final String CRASHED = "crashed-";

  /** Prefix of the names of journals that are being created. */
  static final String NEW = "new-";

  private static final int LINES = 4_096;
  private static final int NONE = -1;

  /** Closing a second channel of a file would release its lock. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final MappedByteBuffer lines;
  private final Queue<Integer> free =
      new ConcurrentLinkedQueue<>(IntStream.range(0, LINES).boxed().toList());
  private volatile boolean kept;

  private WorkJournal(Path file, FileChannel channel, FileLock lock) throws IOException {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.lines =
        channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) LINES * RunningCall.LINE_BYTES);
  }

  /**
   * Creates a journal. All of the file is written first, since a mapped file must not meet a full
   * disk.
   *
   * @param directory its real path
   * @param name without the prefix
   */
  static WorkJournal create(Path directory, String name) throws IOException {
    Path created = directory.resolve(NEW + name);
    Path file = directory.resolve(RUNNING + name);
    FileChannel channel =
        FileChannel.open(
            created,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.lock();
      ByteBuffer content = ByteBuffer.allocate(LINES * RunningCall.LINE_BYTES);
      for (int line = 0; line < LINES; line++) {
        content.put(RunningCall.EMPTY_LINE.duplicate());
      }
      content.flip();
      while (content.hasRemaining()) {
        channel.write(content);
      }
      WorkJournal journal = new WorkJournal(file, channel, lock);
      OWN.add(file);
      Files.move(created, file, StandardCopyOption.ATOMIC_MOVE);
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      OWN.remove(file);
      Files.deleteIfExists(created);
      throw e;
    }
  }

  /**
   * Moves the journal of an ended process to its new name.
   *
   * @param file with the prefix {@link #RUNNING}
   * @return empty if its process lives, or the file is gone
   */
  static Optional<Path> take(Path file) throws IOException {
    try {
      if (isOpen(file)) {
        return Optional.empty();
      }
      String name = file.getFileName().toString().substring(RUNNING.length());
      Path crashed = file.resolveSibling(CRASHED + name);
      Files.move(file, crashed, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(crashed);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a living process writes this journal. The lock of the test is shared, so that workers
   * that test at the same time do not take each other for that process; inside of one process they
   * test one after the other.
   */
  private static boolean isOpen(Path file) throws IOException {
    synchronized (OWN) {
      if (OWN.contains(file)) {
        return true;
      }
      try (FileChannel other = FileChannel.open(file, StandardOpenOption.READ);
          FileLock lock = other.tryLock(0, Long.MAX_VALUE, true)) {
        return lock == null;
      } catch (OverlappingFileLockException e) {
        return true;
      }
    }
  }

  /**
   * Removes a line from the journal of an ended process; none if another worker has deleted it.
   *
   * @param at position of its first byte
   * @param length without the line break
   */
  static void remove(Path file, long at, int length) throws IOException {
    byte[] spaces = new byte[length];
    Arrays.fill(spaces, (byte) ' ');
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      other.write(ByteBuffer.wrap(spaces), at);
    } catch (NoSuchFileException e) {
      LOGGER.atDebug().addKeyValue("file", file).log("journal deleted by another worker");
    }
  }

  /**
   * Enters a call and returns its line. None is entered beyond 4,096 calls at the same time, or if
   * its position does not fit into a line.
   */
  int enter(RunningCall call) {
    Optional<ByteBuffer> bytes = call.bytes();
    Integer line = bytes.isEmpty() ? null : free.poll();
    if (line == null) {
      return NONE;
    }
    write(line, bytes.get());
    return line;
  }

  /** Replaces the call of a line. */
  void replace(int line, RunningCall call) {
    if (line != NONE) {
      call.bytes().ifPresent(bytes -> write(line, bytes));
      kept |= call.state() == RunningCall.State.EXIT;
    }
  }

  /** Removes the call of a line. */
  void leave(int line) {
    if (line != NONE) {
      write(line, RunningCall.EMPTY_LINE.duplicate());
      free.add(line);
    }
  }

  private void write(int line, ByteBuffer bytes) {
    lines.put(line * RunningCall.LINE_BYTES, bytes, 0, RunningCall.LINE_BYTES);
  }

  /** Deletes the file if no call ended the process, and releases it. */
  @Override
  public void close() throws IOException {
    if (!kept) {
      Files.deleteIfExists(file);
    }
    lock.release();
    channel.close();
    OWN.remove(file);
  }
}
