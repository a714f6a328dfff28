package io.urteil.evaluation.benchmark;

import io.urteil.model.file.FileHash;
import io.urteil.table.DataTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The content of a data file.
 *
 * @param name the name of the file in messages and reports
 * @param sha256 SHA-256 of the stored bytes, in hexadecimal
 * @param content the stored bytes, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record DataFile(String name, String sha256, byte[] content) {

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
          "%s: no file %s (expected: %s)".formatted(option, file, DataTable.FORMATS), e);
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

  private static DataFile of(String name, byte[] bytes) {
    return new DataFile(name, FileHash.sha256(bytes), bytes);
  }

  /** The file name without directories and extensions. */
  String stem() {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.replaceFirst("(\\.jsonl?|\\.csv|\\.tsv|\\.parquet)?(\\.gz)?$", "");
  }
}
