package io.urteil.trainer;

import io.urteil.event.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Prevents two trainers of a run in one data directory, where they would write folders of the same
 * names. The operating system releases the lock when its process ends, also after a crash.
 */
final class RunLock implements AutoCloseable {

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IllegalStateException if another trainer holds it
   */
  static RunLock take(Namespace place, String runId) {
    Path folder = VersionFolders.root(place, runId);
    Path file = folder.resolve(".lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new IllegalStateException(
            "another trainer of run '%s' runs in '%s' (expected: one at a time)"
                .formatted(runId, folder));
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("locking " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("releasing the lock of a run", e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null && lock.isValid();
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
