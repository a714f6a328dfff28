package io.urteil.bench.gateway;

import io.urteil.event.EventLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A client of a gateway with keys, for one tenant. Thread-safe. */
final class TenantClient {

  private static final AtomicInteger IDS = new AtomicInteger();
  private static final int OK = 200;
  private static final int PARTITIONS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final HttpClient http;
  private final int port;
  private final String tenant;
  private final String key;
  private final boolean onePartition;

  /**
   * @param onePartition whether the ids of all groups select the first partition
   */
  TenantClient(HttpClient http, int port, String tenant, String key, boolean onePartition) {
    this.http = http;
    this.port = port;
    this.tenant = tenant;
    this.key = key;
    this.onePartition = onePartition;
  }

  /** Submits a new group and waits for its rewards. */
  CompletableFuture<HttpResponse<String>> group(int members) {
    String texts =
        IntStream.range(0, members)
            .mapToObj("{\"text\": \"The answer is %d.\"}"::formatted)
            .collect(Collectors.joining(","));
    String body =
        """
        {"run": "bench", "groups": [{"id": "%s", "prompt": "What is 6 times 7?", "reference": "42",
        "members": [%s]}]}
        """
            .formatted(id(), texts);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/rewards".formatted(port)))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .header("Prefer", "wait=300")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString())
        .thenApply(
            response -> {
              if (response.statusCode() != OK) {
                throw new IllegalStateException(
                    "status %d: %s".formatted(response.statusCode(), response.body()));
              }
              return response;
            });
  }

  private String id() {
    while (true) {
      String id = "g" + IDS.incrementAndGet();
      if (!onePartition || EventLog.partitionOf(tenant + "/" + id, PARTITIONS) == 0) {
        return id;
      }
    }
  }
}
