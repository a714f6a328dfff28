package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * The calls that are running in this process, in a file that survives it: one line each, mapped
 * into memory, so that an entry costs no system call. The file is locked while the process lives.
 * It is deleted at {@link #close}, unless a call of it ended the process. Thread-safe.
 */
final class WorkJournal implements AutoCloseable {

  private static final int LINES = 4_096;
  private static final int LINE_BYTES = 256;
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
    this.lines = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) LINES * LINE_BYTES);
  }

  /**
   * Creates the file. All of it is written first, since a mapped file must not meet a full disk.
   */
  static WorkJournal create(Path file) throws IOException {
    byte[] empty = new byte[LINES * LINE_BYTES];
    Arrays.fill(empty, (byte) ' ');
    for (int end = LINE_BYTES; end <= empty.length; end += LINE_BYTES) {
      empty[end - 1] = '\n';
    }
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      OWN.add(file);
      FileLock lock = channel.lock();
      ByteBuffer content = ByteBuffer.wrap(empty);
      while (content.hasRemaining()) {
        channel.write(content);
      }
      return new WorkJournal(file, channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      OWN.remove(file);
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Whether a living process writes this journal. */
  static boolean isOpen(Path file) throws IOException {
    if (OWN.contains(file)) {
      return true;
    }
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = other.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** Removes a line from the journal of an ended process. */
  static void remove(Path file, int line) throws IOException {
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer empty = ByteBuffer.wrap(bytes(""));
      other.write(empty, (long) line * LINE_BYTES);
    }
  }

  /** Enters a call and returns its line. Beyond 4,096 calls at the same time none is entered. */
  int enter(RunningCall call) {
    Integer line = free.poll();
    if (line == null) {
      return NONE;
    }
    write(line, call.line());
    return line;
  }

  /** Replaces the call of a line. */
  void replace(int line, RunningCall call) {
    if (line != NONE) {
      write(line, call.line());
      kept |= call.state() == RunningCall.State.EXIT;
    }
  }

  /** Removes the call of a line. */
  void leave(int line) {
    if (line != NONE) {
      write(line, "");
      free.add(line);
    }
  }

  private void write(int line, String text) {
    lines.put(line * LINE_BYTES, bytes(text));
  }

  private static byte[] bytes(String text) {
    byte[] bytes = new byte[LINE_BYTES];
    Arrays.fill(bytes, (byte) ' ');
    byte[] ascii = text.getBytes(US_ASCII);
    System.arraycopy(ascii, 0, bytes, 0, Math.min(ascii.length, LINE_BYTES - 1));
    bytes[LINE_BYTES - 1] = '\n';
    return bytes;
  }

  /** Releases the file, and deletes it if no call ended the process. */
  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
    OWN.remove(file);
    if (!kept) {
      Files.deleteIfExists(file);
    }
  }
}
