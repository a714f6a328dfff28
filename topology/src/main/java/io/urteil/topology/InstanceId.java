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
 * Tells the broker that a topology which starts again in the same directory is the one that was
 * there before: it gets its tasks back at once, and nobody waits for the session timeout of the
 * process that was killed. Directories never share an id, unless one is a copy of the other.
 */
final class InstanceId {

  static final String FILE = "instance-id";

  private static final Logger LOGGER = LoggerFactory.getLogger(InstanceId.class);

  /** Of a UUID and the end of its line. */
  private static final int MOST_BYTES = 38;

  private InstanceId() {}

  /**
   * The id of this directory; made up at the first call, and again when its file is damaged, which
   * costs one session timeout.
   *
   * @param directory made when missing
   * @throws UncheckedIOException when the id can be neither read nor written
   */
  static String of(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (Files.exists(file)) {
        String kept = new String(firstBytes(file), US_ASCII).strip();
        if (isWhole(kept)) {
          return kept;
        }
        LOGGER.atWarn().addKeyValue("file", file).log("instance id is damaged; a new one is made");
      }
      String made = UUID.randomUUID().toString();
      Files.createDirectories(directory);
      Path whole = Files.createTempFile(directory, FILE, ".new");
      Files.writeString(whole, made + "\n", US_ASCII);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("keeping the instance id in " + file, e);
    }
  }

  private static byte[] firstBytes(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      return bytes.readNBytes(MOST_BYTES);
    }
  }

  private static boolean isWhole(String id) {
    return id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }
}
