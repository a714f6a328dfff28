package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client code of the gateway's users, in Python, against the packaged application. */
@Tag("long")
class RealClientsIT {

  private static final Path TESTS = Path.of("../python/tests/run.sh").toAbsolutePath().normalize();
  private static final Path APPLICATION =
      Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

  /** Each restart of a process takes seconds; {@code run.sh} alone does it for every client. */
  private static final String RESTARTS_FOR_ONE_CLIENT =
      "TestRequests or not (gateway_is_killed or topology_is_killed)";

  /** Of {@code run.sh}, when no Python or no package index is available. */
  private static final int SKIPPED = 77;

  @Test
  void shouldServeTheClientsOfOthersInEverySituation(@TempDir Path directory) throws Exception {
    // Given
    Path output = directory.resolve("output.txt");
    ProcessBuilder tests =
        new ProcessBuilder(
                "bash",
                TESTS.toString(),
                "--basetemp=" + directory.resolve("pytest"),
                "-k",
                RESTARTS_FOR_ONE_CLIENT)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    tests.environment().put("URTEIL_APPLICATION", APPLICATION.toString());
    tests.environment().put("JAVA_HOME", System.getProperty("java.home"));

    // When
    Process process = tests.start();
    try {
      assertThat(process.waitFor(20, TimeUnit.MINUTES)).as("ended").isTrue();
    } finally {
      process.destroy();
    }

    // Then
    assumeTrue(process.exitValue() != SKIPPED, () -> "skipped: " + text(output));
    assertThat(process.exitValue()).as(text(output)).isZero();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return "no output: " + e;
    }
  }
}
