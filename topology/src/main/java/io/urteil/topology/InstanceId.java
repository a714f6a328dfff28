package io.urteil.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static group membership id ({@code group.instance.id}) of a data directory. A topology that
 * restarts in the same directory receives its tasks immediately, without the session timeout of the
 * killed process. Ids are unique unless a directory is copied.
 */
final class InstanceId {

  static final String FILE = "instance-id";

  private static final Logger LOGGER = LoggerFactory.getLogger(InstanceId.class);

  /** A UUID and a line end. */
  private static final int MAX_BYTES = 38;

  private InstanceId() {}

  /**
   * The id of this directory. It is created on the first call, or if its file is damaged, which
   * costs one session timeout.
   *
   * @param directory created if missing
   * @throws UncheckedIOException when the id cannot be read or written
   */
  static String of(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (Files.exists(file)) {
        String stored = new String(firstBytes(file), US_ASCII).strip();
        if (isComplete(stored)) {
          return stored;
        }
        LOGGER.atWarn().addKeyValue("file", file).log("instance id damaged; creating a new one");
      }
      String created = UUID.randomUUID().toString();
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, FILE, ".new");
      Files.writeString(temporary, created + "\n", US_ASCII);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or write the instance id in " + file, e);
    }
  }

  private static byte[] firstBytes(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      return bytes.readNBytes(MAX_BYTES);
    }
  }

  private static boolean isComplete(String id) {
    return id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }
}
