package io.urteil.bench.judging;

import io.urteil.embedded.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** llama.cpp's HTTP server as a process, with its default prompt cache. Closing it ends it. */
final class LlamaServer implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 100;

  private final Process process;
  private final int port;

  private LlamaServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the server and waits until it has loaded the model.
   *
   * @param program llama-server
   * @param parallel sequences that it decodes together
   * @param context tokens of each of them
   * @param log the file for its output
   * @throws IOException if it ends or is not ready within two minutes
   */
  static LlamaServer start(
      Path program, Path model, int threads, int parallel, int context, Path log)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(program)) {
      throw new IllegalArgumentException(
          "--llama-server: %s is not executable (expected: llama.cpp's program llama-server)"
              .formatted(program));
    }
    int port = Ports.free();
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(),
                "--model",
                model.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "" + port,
                "--threads",
                "" + threads,
                "--parallel",
                "" + parallel,
                "--ctx-size",
                "" + parallel * context,
                "--jinja")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    LlamaServer server = new LlamaServer(builder.start(), port);
    try {
      server.awaitReady(log);
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The base of its URLs in the OpenAI protocol. */
  URI url() {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (System.nanoTime() < end && process.isAlive()) {
        if (isReady(http)) {
          return;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
    List<String> lines = Files.readAllLines(log);
    throw new IOException(
        "llama.cpp's server is not ready (expected: within %s):%n%s"
            .formatted(
                START_LIMIT,
                String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()))));
  }

  private boolean isReady(HttpClient http) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
