package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty reloads while sixteen requests run all the time, in a process of their own. */
@Timeout(300)
@Tag("long")
class HotReloadIT {

  private static final int RELOADS = 50;

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Test
  void shouldAnswerEveryRequestByOneVersionAndKeepItsMemoryWhenWeightsChangeUnderFire()
      throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");

    // When
    Map<String, Double> report = probe();

    // Then
    assertThat(report).containsEntry("wrong", 0.0).containsEntry("failed", 0.0);
    assertThat(report.get("answered")).isGreaterThanOrEqualTo(8.0 * RELOADS);
    assertThat(report.get("versions")).isGreaterThanOrEqualTo(RELOADS / 2.0);
    assertThat(report.get("residentKibAfterLast"))
        .isLessThanOrEqualTo(1.1 * report.getOrDefault("residentKibAfterFifth", 0.0));
  }

  private Map<String, Double> probe() throws Exception {
    Path output = directory.resolve("output");
    // A heap that is touched at the start cannot grow later and be mistaken for the engine's.
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms96m",
            "-Xmx96m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            HotReloadProbe.class.getName(),
            directory.resolve("models").toString(),
            Integer.toString(RELOADS),
            "16");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // The C library's growing threshold keeps freed weights resident: noise of a tenth, in which a
    // leak could hide.
    builder
        .environment()
        .put(
            "GLIBC_TUNABLES",
            "glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=131072"
                + ":glibc.malloc.trim_threshold=131072");
    // By the environment, because ONNX Runtime dies of a command line of many jars.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(280, TimeUnit.SECONDS)).as(() -> text(output)).isTrue();
      assertThat(process.exitValue()).as(() -> text(output)).isZero();
    } finally {
      process.destroyForcibly();
    }
    System.out.println(text(output));
    return text(output)
        .lines()
        .filter(line -> line.matches("[A-Za-z]+=[0-9.]+"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> Double.valueOf(line.substring(line.indexOf('=') + 1))));
  }

  private static String text(Path output) {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
