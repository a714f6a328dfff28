package io.urteil.model.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads files of a model directory into memory, up to a bound that is checked before. */
public final class BoundedFile {

  private BoundedFile() {}

  /**
   * The bytes of a file.
   *
   * @throws UnusableModelException if there are more than that number
   * @throws IOException if it is unreadable
   */
  public static byte[] bytes(Path file, long most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(most + 1));
      if (bytes.length > most) {
        throw new UnusableModelException(
            file,
            List.of("size: %d bytes (expected: at most %d)".formatted(Files.size(file), most)));
      }
      return bytes;
    }
  }

  /**
   * The UTF-8 text of a file.
   *
   * @throws UnusableModelException if it has more bytes, or they are not UTF-8
   * @throws IOException if it is unreadable
   */
  public static String text(Path file, long most) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(file, most)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new UnusableModelException(
          file, List.of("text: %s (expected: UTF-8)".formatted(e.getMessage())));
    }
  }
}
