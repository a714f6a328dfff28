package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plug-ins of {@code ops/docs/extend}: compiled, packaged and run as its readers would. */
class PluginsIT {

  private static final Path SOURCES = Path.of("src/test/plugins").toAbsolutePath();
  private static final Path LIBRARIES = Path.of("target/quarkus-app/lib/main").toAbsolutePath();
  private static final String API =
      "(io\\.urteil\\.urteil-(judge-api|events)|org\\.apache\\.avro\\.avro)-.*";
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  private final Path directory;

  PluginsIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldScoreWithTheJudgeTheRuleAndTheAdvantageOfAJar() throws Exception {
    // Given
    Path plugins = packaged();
    Path run = directory.resolve("short.yaml");
    Files.writeString(
        run,
        """
        run: short
        group: { arms: [only], samplesPerArm: 2, deadline: 60s }
        judges: { short: { type: example.length, settings: { most: 5 } } }
        reward: { rule: example.clipped, settings: { limit: 5 } }
        advantage: { plugin: example.ranked }
        batch: { kind: none }
        """);
    Path scores = directory.resolve("scores.jsonl");

    // When
    String output =
        score(
            "--plugins",
            plugins.toString(),
            "--run",
            run.toString(),
            "--out",
            scores.toString(),
            input().toString());

    // Then
    assertThat(output).containsPattern("terse +-1\\.0000").containsPattern("wordy +-5\\.0000");
    JsonNode group = new ObjectMapper().readTree(Files.readString(scores));
    assertThat(group.path("advantages")).extracting(JsonNode::asDouble).containsExactly(1.0, -1.0);
  }

  @Test
  void shouldNameTheMissingPluginBeforeItStarts() throws Exception {
    // Given
    Path run = directory.resolve("missing.yaml");
    Files.writeString(
        run,
        """
        run: missing
        judges: { exact: { type: answer } }
        reward: { rule: example.clipped }
        batch: { kind: none }
        """);

    // When
    try (JavaProcess score =
        PackagedUrteil.start(directory, "score", "--run", run.toString(), input().toString())) {
      int exit = score.awaitExit(Duration.ofMinutes(1));

      // Then
      assertThat(exit).as(score.output()).isEqualTo(2);
      assertThat(score.output()).contains("plug-in 'example.clipped'", "RewardRuleProvider");
    }
  }

  private Path input() throws IOException {
    return Files.writeString(
        directory.resolve("answers.jsonl"),
        """
        {"prompt": "1+1?", "responses": [{"text": "2", "model": "terse"}, {"text": "It is two, I think", "model": "wordy"}]}
        """);
  }

  private String score(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("score"));
    command.addAll(List.of(arguments));
    try (JavaProcess score = PackagedUrteil.start(directory, command.toArray(String[]::new))) {
      assertThat(score.awaitExit(Duration.ofMinutes(2))).as(score.output()).isZero();
      return score.output();
    }
  }

  /** {@code javac} and {@code jar}, as the pages show. */
  private Path packaged() throws IOException, InterruptedException {
    Path classes = directory.resolve("classes");
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    String classPath;
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      classPath =
          jars.filter(jar -> jar.getFileName().toString().matches(API))
              .map(Path::toString)
              .collect(Collectors.joining(":"));
    }
    List<String> compile =
        new ArrayList<>(
            List.of(
                JDK.resolve("javac").toString(),
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                classes.toString()));
    try (Stream<Path> sources = Files.list(SOURCES.resolve("com/example"))) {
      sources.map(Path::toString).forEach(compile::add);
    }
    run(compile.toArray(String[]::new));
    run(
        JDK.resolve("jar").toString(),
        "--create",
        "--file",
        plugins.resolve("example.jar").toString(),
        "-C",
        classes.toString(),
        ".",
        "-C",
        SOURCES.toString(),
        "META-INF");
    return plugins;
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
