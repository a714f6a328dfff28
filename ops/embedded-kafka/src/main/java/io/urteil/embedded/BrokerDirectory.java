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
 * The broker's data directory, held by a lock file until closed. Kafka takes a lock of its own, but
 * only after the controller has opened, and perhaps truncated, the metadata log.
 */
final class BrokerDirectory implements AutoCloseable {

  private static final String LOCK = ".embedded-kafka.lock";

  private final FileChannel channel;

  private BrokerDirectory(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates, locks and, unless it holds a broker's data already, formats {@code directory}. */
  static BrokerDirectory open(Path directory, BrokerSecurity security) {
    BrokerDirectory locked;
    try {
      Files.createDirectories(directory);
      locked = lock(directory);
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "data directory: " + directory + " (expected: a directory that can be written)", e);
    }
    try {
      if (!Files.exists(directory.resolve("meta.properties"))) {
        format(directory, security);
      }
      return locked;
    } catch (Exception e) {
      locked.close();
      throw new EmbeddedKafkaException(
          "data directory: " + directory + " (expected: an empty one or a broker's)", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("the lock of the data directory could not be released", e);
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
              + " (expected: one that no other broker uses, but one that runs holds "
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
