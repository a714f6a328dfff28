package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import io.urteil.event.Namespace;
import io.urteil.run.RunRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as their users see them. */
class PackagedCommandIT {

  private static final Path RUN_FILE = Path.of("../runs/arithmetic-judge.yaml").toAbsolutePath();
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Path directory;

  PackagedCommandIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldServeARunAndItsHealthUntilTheBrokerIsStopped() throws Exception {
    // Given
    int port = Ports.free();
    int httpPort = Ports.free();
    String bootstrap = "127.0.0.1:" + port;
    try (JavaProcess broker = urteil("broker", "--port", "" + port, "--http-port", "" + httpPort)) {
      broker.awaitLine("broker ready at " + bootstrap, START_LIMIT);

      // When
      try (JavaProcess run =
          urteil("run", RUN_FILE.toString(), "--publish-only", "--bootstrap", bootstrap)) {
        assertThat(run.awaitExit(START_LIMIT)).as(run.output()).isZero();
        assertThat(run.output()).contains("run arithmetic-judge published (hash ");
      }

      // Then
      try (RunRegistry runs = new RunRegistry(new Namespace(bootstrap, "", directory))) {
        assertThat(runs.all()).containsOnlyKeys("arithmetic-judge");
      }
      assertThat(get(httpPort, "/q/health/ready")).contains("UP", "broker", "running");
      assertThat(get(httpPort, "/q/metrics")).contains("jvm_memory_used_bytes");
      assertThat(broker.terminate(Duration.ofSeconds(20))).isEqualTo(128 + 15);
      assertThat(broker.output().lines()).hasSize(1);
      assertThat(directory.resolve(".urteil/broker/broker.log")).isNotEmptyFile();
    }
  }

  @Test
  void shouldNameThePortWhenItIsInUse() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {

      // When
      try (JavaProcess broker = urteil("broker", "--port", "" + taken.getLocalPort())) {

        // Then
        assertThat(broker.awaitExit(START_LIMIT)).isEqualTo(3);
        assertThat(broker.output())
            .startsWith("urteil: port: " + taken.getLocalPort() + " (expected: a free port")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void shouldNameTheHttpPortWhenItIsInUse() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String inUse = "" + taken.getLocalPort();

      // When
      try (JavaProcess broker =
          urteil("broker", "--port", "" + Ports.free(), "--http-port", inUse)) {

        // Then
        assertThat(broker.awaitExit(START_LIMIT)).isEqualTo(3);
        assertThat(broker.output()).startsWith("urteil: port: " + inUse).hasLineCount(1);
      }
    }
  }

  @Test
  void shouldNameTheAddressWithinTenSecondsWhenNoBrokerIsThere() {
    // Given
    Duration start = timeToStart();
    String bootstrap = "127.0.0.1:" + Ports.free();

    // When
    try (JavaProcess run =
        urteil("run", RUN_FILE.toString(), "--publish-only", "--bootstrap", bootstrap)) {

      // Then
      assertThat(run.awaitExit(Duration.ofSeconds(10).plus(start.multipliedBy(3)))).isEqualTo(3);
      assertThat(run.output())
          .startsWith("urteil: bootstrap: no Kafka broker responded at '" + bootstrap + "'")
          .hasLineCount(1);
    }
  }

  @Test
  void shouldRefuseADataDirectoryThatIsAFile() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("taken"), "no directory");

    // When
    try (JavaProcess broker =
        urteil("broker", "--port", "" + Ports.free(), "--data-dir", file.toString())) {

      // Then
      assertThat(broker.awaitExit(START_LIMIT)).isEqualTo(2);
      assertThat(broker.output()).startsWith("urteil: ").contains(file.toString()).hasLineCount(1);
    }
  }

  /** What a process of the application takes now, whatever else this machine does. */
  private Duration timeToStart() {
    long begin = System.nanoTime();
    try (JavaProcess help = urteil("run", "--help")) {
      assertThat(help.awaitExit(START_LIMIT)).isZero();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private JavaProcess urteil(String... arguments) {
    return PackagedUrteil.start(directory, arguments);
  }

  private static String get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
