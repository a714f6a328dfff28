package io.urteil.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * The broker's data directory, locked with a lock file until closed. Kafka's own lock is too late:
 * the controller opens, and may truncate, the metadata log before it.
 */
final class BrokerDirectory implements AutoCloseable {

  private static final String LOCK = ".embedded-kafka.lock";

  private final FileChannel channel;

  private BrokerDirectory(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates and locks {@code directory}, and formats it unless it contains a broker's data. */
  static BrokerDirectory open(Path directory, BrokerSecurity security) {
    BrokerDirectory locked;
    try {
      Files.createDirectories(directory);
      locked = lock(directory);
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "data directory: " + directory + " (expected: a writable directory)", e);
    }
    try {
      if (!Files.exists(directory.resolve("meta.properties"))) {
        format(directory, security);
      }
      return locked;
    } catch (Exception e) {
      locked.close();
      throw new EmbeddedKafkaException(
          "data directory: "
              + directory
              + " (expected: an empty directory or a broker's data directory)",
          e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("cannot release the lock of the data directory", e);
    }
  }

  private static BrokerDirectory lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new EmbeddedKafkaException(
          "data directory: "
              + directory
              + " (expected: not in use; a running broker holds the lock "
              + LOCK
              + ")",
          null);
    }
    return new BrokerDirectory(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void format(Path directory, BrokerSecurity security) throws Exception {
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(BrokerSettings.NODE_ID)
            .setClusterId(Uuid.randomUuid().toString())
            .addDirectory(directory.toString())
            .setMetadataLogDirectory(directory.toString())
            .setControllerListenerName(BrokerSettings.CONTROLLER)
            .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
            .setScramArguments(security.scramUsers());
    security.features().forEach(formatter::setFeatureLevel);
    formatter.run();
  }
}
