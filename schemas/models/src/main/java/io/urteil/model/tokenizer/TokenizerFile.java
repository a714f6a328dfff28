package io.urteil.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a {@code tokenizer.json} and rejects unusable ones, for all its readers. */
final class TokenizerFile {

  /** Parses the bytes of a file. */
  @FunctionalInterface
  interface Reading<T> {
    T of(byte[] json) throws IOException;
  }

  private TokenizerFile() {}

  /**
   * @throws UnusableModelException if the file is missing or not a tokenizer, or from the parser
   * @throws IOException if it is unreadable
   */
  static <T> T read(Path file, Reading<T> reading) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UnusableModelException(file, List.of("there is no such file"));
    }
    byte[] json = Files.readAllBytes(file);
    try {
      return reading.of(json);
    } catch (UnusableModelException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new UnusableModelException(file, List.of("unreadable JSON: " + e.getMessage()));
    } catch (RuntimeException e) {
      throw new UnusableModelException(file, List.of("no tokenizer: " + e.getMessage()));
    }
  }
}
