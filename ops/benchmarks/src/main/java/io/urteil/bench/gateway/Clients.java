package io.urteil.bench.gateway;

import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Clients of the gateways, which they ask in turn. Thread-safe. */
final class Clients {

  private static final String RUN = "bench";
  private static final int OK = 200;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int AT_ONCE = 200;

  private final HttpClient http;
  private final List<Integer> ports;
  private final AtomicInteger ids;

  Clients(HttpClient http, List<Integer> ports, AtomicInteger ids) {
    this.http = http;
    this.ports = List.copyOf(ports);
    this.ids = ids;
  }

  /** A client with a connection for each request, as trainers have. */
  static HttpClient http(Executor executor) {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(executor).build();
  }

  /** Submits a new group and waits for its rewards. */
  CompletableFuture<HttpResponse<String>> group(int members) {
    return http.sendAsync(request(members, "", "wait=60"), BodyHandlers.ofString())
        .thenApply(
            response -> {
              if (response.statusCode() != OK) {
                throw new IllegalStateException(
                    "status %d: %s".formatted(response.statusCode(), response.body()));
              }
              return response;
            });
  }

  /**
   * Heap of the first gateway for each waiting request, after garbage collection.
   *
   * @param pid of the first gateway
   */
  double bytesPerWaitingRequest(int count, long pid) throws IOException, InterruptedException {
    double before = usedHeap(pid);
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // One member of two: the group stays open.
      waiting.add(http.sendAsync(request(1, "\"size\": 2,", "wait=60"), BodyHandlers.ofString()));
      if (i % AT_ONCE == AT_ONCE - 1) {
        Thread.sleep(PAUSE);
      }
    }
    Thread.sleep(SETTLE);
    double bytes = (usedHeap(pid) - before) / (count / (double) ports.size());
    long answered = waiting.stream().filter(CompletableFuture::isDone).count();
    if (answered > 0) {
      throw new IllegalStateException(
          "%d of %d requests do not wait (expected: all)".formatted(answered, count));
    }
    waiting.forEach(each -> each.cancel(true));
    return bytes;
  }

  private HttpRequest request(int members, String more, String prefer) {
    int id = ids.incrementAndGet();
    String texts =
        IntStream.range(0, members)
            .mapToObj("{\"text\": \"The answer is %d.\"}"::formatted)
            .collect(Collectors.joining(","));
    String body =
        """
        {"run": "%s", "groups": [{"id": "g%d", %s "prompt": "What is 6 times 7?", "reference": "42",
        "members": [%s]}]}
        """
            .formatted(RUN, id, more, texts);
    return HttpRequest.newBuilder(uri(ports.get(id % ports.size()), "/v1/rewards"))
        .timeout(LIMIT)
        .header("Content-Type", "application/json")
        .header("Prefer", prefer)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private double usedHeap(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(JavaProcess.java()).resolveSibling("jcmd");
    new ProcessBuilder(jcmd.toString(), "" + pid, "GC.run")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    String metrics =
        http.send(
                HttpRequest.newBuilder(uri(ports.getFirst(), "/q/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
  }
}
