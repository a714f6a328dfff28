package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.cli.UrteilCommand;
import io.urteil.local.arithmetic.SeedJudge;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeCommandTest {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path model;

  JudgeCommandTest(@TempDir Path directory) {
    this.model = directory.resolve("model");
  }

  @ParameterizedTest
  @CsvSource({
    "config.json, config.json: there is no such file",
    "model.safetensors, neither model.safetensors nor model.safetensors.index.json is there",
    "tokenizer.json, there is no such file",
    "judge.json, has no judge.json"
  })
  void shouldNameTheFileThatTheModelLacks(String file, String message) throws Exception {
    // Given
    SeedJudge.copyTo(model);
    Files.delete(model.resolve(file));

    // When
    int status = judge();

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("urteil: ")
        .contains(model.toString(), file, message)
        .doesNotContain("\tat ");
    assertThat(output.toString()).isEmpty();
  }

  @Test
  void shouldNameTheDirectoryThatIsNotThere() {
    // When
    int status = judge();

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("urteil: Model '" + model + "' cannot be used")
        .contains("there is no such directory");
  }

  private int judge() {
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute("judge", "--model", model.toString(), "3 + 4", "7", "8");
  }
}
