package io.urteil.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A {@code tokenizer.json} as it is read, and refused, whatever is made of it. */
final class TokenizerFile {

  /** What is made of the bytes of a file. */
  @FunctionalInterface
  interface Reading<T> {
    T of(byte[] json) throws IOException;
  }

  private TokenizerFile() {}

  /**
   * @throws UnusableModelException if the file is not there or is no tokenizer, or of the reading
   * @throws IOException if it cannot be read
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
