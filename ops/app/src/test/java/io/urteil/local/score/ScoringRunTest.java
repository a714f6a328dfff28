package io.urteil.local.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringRunTest {

  @Test
  void shouldNameTheRunAfterTheTimeAndChangeNothingElse(@TempDir Path directory) throws Exception {
    // Given
    String text =
        """
        run: answers
        judges: { exact: { type: answer, compare: number } }
        reward: { rule: correct, judge: exact, unparseable: 0 }
        batch: { kind: none }
        """;
    Path file = Files.writeString(directory.resolve("run.yaml"), text);

    // When
    RunFile named = ScoringRun.named(file);

    // Then
    RunFile given = RunFileReader.read("run file", text);
    assertThat(named.run()).matches("answers-\\d{8}-\\d{6}");
    assertThat(named.judges()).isEqualTo(given.judges());
    assertThat(named.reward()).isEqualTo(given.reward());
  }

  @Test
  void shouldTakeThePackagedRunFileWithoutAFile() throws Exception {
    // When
    RunFile named = ScoringRun.named(null);

    // Then
    assertThat(named.run()).startsWith("gsm8k-answers-");
  }

  @Test
  void shouldRefuseAFileThatIsNotThere(@TempDir Path directory) {
    // Given
    Path missing = directory.resolve("none.yaml");

    // When / Then
    assertThatThrownBy(() -> ScoringRun.named(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--run: no file %s (expected: a run file)", missing);
  }
}
