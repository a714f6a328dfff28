package io.urteil.local.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.model.file.FileHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedJudgeTest {

  @TempDir Path directory;

  @Test
  void shouldShipWhatItsRecordSays() throws IOException {
    // Given
    SeedJudge.copyTo(directory);
    SeedJudgeRecord record =
        new ObjectMapper()
            .readValue(directory.resolve("seed-judge.json").toFile(), SeedJudgeRecord.class);

    // When
    HeldOutAccuracy measured = HeldOutAccuracy.of(directory, record.seed());

    // Then
    assertThat(FileHash.sha256(directory.resolve("model.safetensors"))).isEqualTo(record.sha256());
    assertThat(measured.sampled()).isBetween(0.58, 0.68);
    assertThat(measured.readable()).isGreaterThan(0.85);
    assertThat(record.cleanAccuracy()).isGreaterThanOrEqualTo(0.93);
    assertThat(record.accuracy()).isBetween(0.58, 0.68);
  }

  @Test
  void shouldBeSmallerThanAMegabyte() throws IOException {
    // Given
    SeedJudge.copyTo(directory);

    // When
    long bytes;
    try (Stream<Path> files = Files.list(directory)) {
      bytes = files.mapToLong(file -> file.toFile().length()).sum();
    }

    // Then
    assertThat(bytes).isLessThan(1_000_000);
  }
}
