package io.urteil.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fuzzes each reader: two seconds by random changes and, with {@code -Durteil.fuzz.seconds}, in a
 * process of its own, guided by coverage. The inputs that were faults are in {@code
 * src/test/resources/findings}.
 */
class FuzzTest {

  private static final Path FINDINGS = Path.of("src/test/resources/findings");
  private static final int SECONDS = Integer.getInteger("urteil.fuzz.seconds", 3);

  @ParameterizedTest
  @EnumSource(FuzzTarget.class)
  void shouldReadOrRejectSeedsAndPastFindings(FuzzTarget target) throws IOException {
    // Given
    List<byte[]> inputs = new ArrayList<>(target.seeds());
    Path findings = FINDINGS.resolve(target.spelling());
    if (Files.isDirectory(findings)) {
      try (Stream<Path> files = Files.list(findings)) {
        for (Path file : files.sorted().toList()) {
          inputs.add(Files.readAllBytes(file));
        }
      }
    }

    // Then
    assertThat(target.seeds()).isNotEmpty();
    for (byte[] input : inputs) {
      assertThatCode(() -> target.run(input)).doesNotThrowAnyException();
    }
  }

  /** Random changes of the seeds, without coverage: it starts at once. */
  @ParameterizedTest
  @EnumSource(FuzzTarget.class)
  void shouldReadOrRejectChangedSeeds(FuzzTarget target) {
    // Given
    Random random = new Random();
    List<byte[]> seeds = target.seeds();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);

    // Then
    while (System.nanoTime() < end) {
      byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
      for (int i = random.nextInt(4); i >= 0 && input.length > 0; i--) {
        int at = random.nextInt(input.length);
        switch (random.nextInt(3)) {
          case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> input[at] = (byte) random.nextInt(256);
          default -> input = Arrays.copyOf(input, at);
        }
      }
      byte[] changed = input;
      assertThatCode(() -> target.run(changed))
          .as(HexFormat.of().formatHex(changed))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource(FuzzTarget.class)
  @EnabledIfSystemProperty(
      named = "urteil.fuzz.seconds",
      matches = "\\d+",
      disabledReason = "instrumentation takes 20 seconds for each reader")
  void shouldFindNoFault(FuzzTarget target) throws IOException, InterruptedException {
    // Given
    Path work = Files.createDirectories(Path.of("target/fuzz", target.spelling()).toAbsolutePath());
    Path corpus = Files.createDirectories(work.resolve("corpus"));
    int number = 0;
    for (byte[] seed : target.seeds()) {
      Files.write(corpus.resolve("seed-" + number++), seed);
    }
    Path log = work.resolve("log");

    // When
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-Durteil.fuzz.target=" + target.spelling(),
                "-Durteil.fuzz.root=" + Path.of("../..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=io.urteil.**",
                "--custom_hook_includes=io.urteil.**",
                "-max_total_time=" + SECONDS,
                "-max_len=16384",
                "-timeout=20",
                "-rss_limit_mb=4000",
                "-artifact_prefix=" + work + "/",
                corpus.toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(SECONDS + 120L, TimeUnit.SECONDS);
    process.destroyForcibly();

    // Then
    assertThat(ended).as("ended by itself, see %s", log).isTrue();
    assertThat(process.exitValue()).as("exit value, see %s", log).isZero();
    assertThat(log).content().containsPattern("Done \\d+ runs");
  }
}
