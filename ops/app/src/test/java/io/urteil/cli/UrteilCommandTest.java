package io.urteil.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class UrteilCommandTest {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final CommandLine line =
      UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true));

  static Stream<String> commands() {
    return UrteilCommand.line(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
        .getSubcommands()
        .keySet()
        .stream()
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldExplainEveryCommandWithExamplesAndEveryOption(String command) {
    // When
    int status = line.execute(command, "--help");

    // Then
    CommandSpec spec = requireNonNull(line.getSubcommands().get(command)).getCommandSpec();
    assertThat(status).isZero();
    assertThat(output.toString())
        .contains("Usage: urteil " + command)
        .contains("Examples:")
        .contains("  urteil " + command);
    assertThat(spec.usageMessage().description()).isNotEmpty();
    assertThat(spec.options())
        .allSatisfy(
            option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
    assertThat(spec.options()).extracting(OptionSpec::longestName).contains("--verbose", "--help");
  }

  @Test
  void shouldListEveryCommandAndTheExitStatuses() {
    // When
    int status = line.execute("--help");

    // Then
    assertThat(status).isZero();
    assertThat(output.toString()).contains(commands().toList()).contains("Exit status:", "  3  ");
    assertThat(errors.toString()).isEmpty();
  }

  @Test
  void shouldAskForACommandWhenThereIsNone() {
    // When
    int status = line.execute();

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToNormalizingNewlines(
            """
            urteil: a command is missing
            'urteil --help' shows the usage
            """);
  }

  @Test
  void shouldSuggestTheCommandThatWasMeant() {
    // When
    int status = line.execute("brokr");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).startsWith("urteil: ").contains("'brokr'", "urteil broker");
  }

  @Test
  void shouldNameTheOptionAndTheValueThatAreWrong() {
    // When
    int status = line.execute("broker", "--port", "many");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("urteil: ")
        .contains("'--port'", "'many'", "'urteil broker --help'")
        .doesNotContain("Exception");
  }

  @Test
  void shouldSayThatAFileIsMissing() {
    // When
    int status = line.execute("run", "no-such-file.yaml");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToNormalizingNewlines(
            "urteil: no-such-file.yaml: no such file (expected: a readable file)\n");
  }

  @Test
  void shouldListEveryMistakeOfARunFileAtOnce(@TempDir Path directory) throws Exception {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("bad.yaml"),
            """
            run: two words
            colour: red
            group: { arms: [AB, AB], samplesPerArm: 0 }
            sampling: { temperature: -1 }
            """);

    // When
    int status = line.execute("run", "--check", file.toString());

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("urteil: run file " + file + " has ")
        .contains("run: 'two words'", "colour: ", "group.samplesPerArm: 0", "sampling.temperature:")
        .doesNotContain("Exception");
  }

  @Test
  void shouldShowWhereAnErrorCameFromOnlyWhenAskedTo() {
    // When
    int quiet = line.execute("run", "no-such-file.yaml");
    String withoutTrace = errors.toString();
    int verbose = line.execute("run", "no-such-file.yaml", "--verbose");

    // Then
    assertThat(quiet).isEqualTo(verbose).isEqualTo(2);
    assertThat(withoutTrace).doesNotContain("\tat ");
    assertThat(errors.toString()).contains("\tat io.urteil.cli.service.RunCommand");
  }

  @Test
  void shouldSayWhichVersionAndJavaThisIs() {
    // When
    int status = line.execute("--version");

    // Then
    assertThat(status).isZero();
    assertThat(output.toString()).containsPattern("^urteil \\d").contains("Java ");
  }
}
