package io.urteil.evaluation.benchmark;

import io.urteil.model.file.FileHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file of a benchmark, read whole.
 *
 * @param name how messages and reports call it
 * @param sha256 of its bytes as they lie there, in hexadecimal
 * @param text its content, unpacked when it was gzip
 */
public record DataFile(String name, String sha256, String text) {

  /** Where the data that come with Urteil lie on the class path; ops/data in the repository. */
  private static final String PACKAGED = "/data/";

  /**
   * A file of the user's.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static DataFile read(String option, Path file) throws IOException {
    try {
      return of(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "%s: no file %s (expected: JSON or JSON lines, plain or gzip)".formatted(option, file),
          e);
    }
  }

  /** A file that comes with Urteil, by its place below ops/data. */
  public static DataFile packaged(String place) throws IOException {
    try (InputStream in = DataFile.class.getResourceAsStream(PACKAGED + place)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + PACKAGED + place);
      }
      return of("ops/data/" + place, in.readAllBytes());
    }
  }

  private static DataFile of(String name, byte[] bytes) throws IOException {
    return new DataFile(
        name, FileHash.sha256(bytes), new String(unpacked(bytes), StandardCharsets.UTF_8));
  }

  /** The file's name without directories and endings. */
  String stem() {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.replaceFirst("(\\.jsonl?)?(\\.gz)?$", "");
  }

  private static byte[] unpacked(byte[] bytes) throws IOException {
    boolean gzip = bytes.length > 2 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
    if (!gzip) {
      return bytes;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }
}
