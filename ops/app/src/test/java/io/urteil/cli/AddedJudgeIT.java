package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge of write-a-judge.md: compiled, packaged and run as its reader would. */
class AddedJudgeIT {

  private static final Path SOURCES = Path.of("src/test/added-judge").toAbsolutePath();
  private static final Path LIBRARIES = Path.of("target/quarkus-app/lib/main").toAbsolutePath();
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  private final Path directory;

  AddedJudgeIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldScoreWithAJudgeFromAJar() throws Exception {
    // Given
    Path judges = packaged();
    Path run = directory.resolve("short.yaml");
    Files.writeString(
        run,
        """
        run: short
        group: { arms: [only], samplesPerArm: 2, deadline: 60s }
        judges: { short: { type: example.length, settings: { most: 5 } } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
        batch: { kind: none }
        """);
    Path input = directory.resolve("answers.jsonl");
    Files.writeString(
        input,
        """
        {"prompt": "1+1?", "responses": [{"text": "2", "model": "terse"}, {"text": "It is two, I think", "model": "wordy"}]}
        """);

    // When
    String output;
    try (JavaProcess score =
        PackagedUrteil.start(
            directory,
            "score",
            "--judge-plugins",
            judges.toString(),
            "--run",
            run.toString(),
            input.toString())) {
      assertThat(score.awaitExit(Duration.ofMinutes(2))).as(score.output()).isZero();
      output = score.output();
    }

    // Then
    assertThat(output).containsPattern("terse +1\\.0000").containsPattern("wordy +0\\.0000");
  }

  /** {@code javac} and {@code jar}, as the page says. */
  private Path packaged() throws IOException, InterruptedException {
    Path classes = directory.resolve("classes");
    Path judges = Files.createDirectories(directory.resolve("judges"));
    String classPath;
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      classPath = jars.map(Path::toString).collect(Collectors.joining(":"));
    }
    run(
        JDK.resolve("javac").toString(),
        "-proc:none",
        "-cp",
        classPath,
        "-d",
        classes.toString(),
        SOURCES.resolve("com/example/LengthJudge.java").toString());
    run(
        JDK.resolve("jar").toString(),
        "--create",
        "--file",
        judges.resolve("length.jar").toString(),
        "-C",
        classes.toString(),
        ".",
        "-C",
        SOURCES.toString(),
        "META-INF");
    return judges;
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("tool.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
  }
}
