package io.urteil.local.arithmetic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * The packaged seed judge, trained with {@code urteil seed-judge --seed 1}, and {@code
 * seed-judge.json}, the record of that training.
 */
public final class SeedJudge {

  private static final List<String> WEIGHTS_AND_RECORD =
      List.of("model.safetensors", "seed-judge.json");

  private SeedJudge() {}

  /** Writes the model directory, which is created if missing. */
  public static void copyTo(Path directory) throws IOException {
    SeedModelFiles.copyTo(directory);
    for (String name : WEIGHTS_AND_RECORD) {
      try (InputStream file =
          Objects.requireNonNull(SeedJudge.class.getResourceAsStream(name), name)) {
        Files.copy(file, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
