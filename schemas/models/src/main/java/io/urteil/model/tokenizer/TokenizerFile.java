package io.urteil.model.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.file.BoundedFile;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@code tokenizer.json} and rejects unusable ones, for all its readers. */
final class TokenizerFile {

  /** Parses the bytes of a file. */
  @FunctionalInterface
  interface Reading<T> {
    T of(byte[] json, ObjectNode root) throws IOException;
  }

  /** Twice the largest published tokenizers. */
  private static final long BYTES_MAX = 64_000_000;

  private TokenizerFile() {}

  /**
   * @throws UnusableModelException if the file is missing or not a tokenizer, or from the parser
   * @throws IOException if it is unreadable
   */
  static <T> T read(Path file, Reading<T> reading) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UnusableModelException(file, List.of("there is no such file"));
    }
    byte[] json = BoundedFile.bytes(file, BYTES_MAX);
    ObjectNode root = StrictJson.object(file, json);
    List<String> problems = new ArrayList<>(LibraryJson.problems(root));
    problems.addAll(TokenizerVocabulary.problems(root));
    if (!problems.isEmpty()) {
      throw new UnusableModelException(file, problems);
    }
    try {
      return reading.of(json, root);
    } catch (UnusableModelException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnusableModelException(file, List.of("no tokenizer: " + e.getMessage()));
    }
  }
}
