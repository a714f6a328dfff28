package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The demo runs libtorch, ONNX Runtime, the tokenizers and RocksDB in one JVM. Each brings its own
 * C++ and OpenMP runtime; whether they live together depends on the order in which they are loaded,
 * so each order gets a JVM of its own.
 */
class NativesInOneJvmTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"torch,onnx,tokenizers,rocksdb", "rocksdb,tokenizers,onnx,torch", "onnx,torch"})
  void shouldLoadAndUseEveryNativeLibraryInThisOrder(String order) throws Exception {
    // Given
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.add(NativesProbe.class.getName());
    command.add(order);
    Path output = directory.resolve("output.txt");

    // When
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    // Not by -cp: ONNX Runtime 1.29 dies of SIGSEGV when the JVM's command line is longer than 4
    // KB.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);

    // Then
    String printed = Files.readString(output);
    assertThat(ended).as(printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    for (String library : order.split(",")) {
      assertThat(printed).contains(library + " works");
    }
  }
}
