package io.urteil.local.arithmetic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * The files of the seed judge's Hugging Face model directory other than weights: the configuration
 * (Qwen2, hidden size 64, 3 layers, 141,120 parameters), the judge prompt and the tokenizer, which
 * has one token for each symbol of the task and no merges.
 */
public final class SeedModelFiles {

  private static final List<String> NAMES =
      List.of(
          "config.json",
          "generation_config.json",
          "judge-prompt.yaml",
          "tokenizer.json",
          "tokenizer_config.json");

  private SeedModelFiles() {}

  /** Copies the files to {@code directory}, which is created if missing. */
  public static void copyTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : NAMES) {
      try (InputStream file =
          Objects.requireNonNull(SeedModelFiles.class.getResourceAsStream(name), name)) {
        Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
