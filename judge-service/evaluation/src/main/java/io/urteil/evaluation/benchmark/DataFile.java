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
 * The content of a data file.
 *
 * @param name the name of the file in messages and reports
 * @param sha256 SHA-256 of the stored bytes, in hexadecimal
 * @param text the content as UTF-8, decompressed if it is gzip
 */
public record DataFile(String name, String sha256, String text) {

  /** Directory of the packaged data on the class path; ops/data in the repository. */
  private static final String PACKAGED = "/data/";

  /**
   * Reads a file of the user.
   *
   * @param option the option or setting that names the file, for messages
   * @throws IllegalArgumentException if the file does not exist
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

  /** Reads a packaged file. {@code path} is its path relative to ops/data. */
  public static DataFile packaged(String path) throws IOException {
    try (InputStream in = DataFile.class.getResourceAsStream(PACKAGED + path)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + PACKAGED + path);
      }
      return of("ops/data/" + path, in.readAllBytes());
    }
  }

  private static DataFile of(String name, byte[] bytes) throws IOException {
    return new DataFile(
        name, FileHash.sha256(bytes), new String(unpacked(bytes), StandardCharsets.UTF_8));
  }

  /** The file name without directories and extensions. */
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
