package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that starts the runtime. */
class OnnxRuntimeTest {

  /** One argument may have at most 128 KiB on Linux. */
  private static final int LONG = 120_000;

  @TempDir private Path home;

  /** The process that is started. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      System.out.println(OnnxRuntime.environment().getVersion());
    }
  }

  @Test
  void shouldStartInAProcessWithALongCommandLineAndReportNothing() throws Exception {
    // Given
    ProcessBuilder probe =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            Probe.class.getName(),
            "x".repeat(LONG));
    Path output = home.resolve("output.txt");
    probe.environment().remove(OnnxRuntime.DISABLE_TELEMETRY);
    probe.environment().put("HOME", home.toString());
    probe.environment().put("CLASSPATH", System.getProperty("java.class.path"));

    // When
    Process process = probe.redirectErrorStream(true).redirectOutput(output.toFile()).start();

    // Then
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(home.toFile().list()).containsExactly("output.txt");
  }
}
