package io.urteil.cli.service;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.urteil.cli.option.ExitCode;
import io.urteil.event.ServiceComponent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Quarkus in the process of a service: {@code /q/health} and {@code /q/metrics}. */
public final class HttpEndpoints implements QuarkusApplication {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final CompletableFuture<Void> STARTED = new CompletableFuture<>();
  private static volatile List<ServiceComponent> components = List.of();

  /** Sets the largest body of a request. Called before {@link #start}. */
  static void limitBodies(long bytes) {
    System.setProperty("quarkus.http.limits.max-body-size", Long.toString(bytes));
  }

  /** Starts the endpoints and returns when they respond. Called at most once per process. */
  static void start(String host, int port, List<ServiceComponent> served) {
    components = List.copyOf(served);
    System.setProperty("quarkus.http.host-enabled", "true");
    System.setProperty("quarkus.http.host", host);
    System.setProperty("quarkus.http.port", Integer.toString(port));
    Thread.ofPlatform()
        .daemon()
        .name("http")
        .start(() -> Quarkus.run(HttpEndpoints.class, HttpEndpoints::ended));
    try {
      STARTED.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "HTTP endpoints did not start on %s:%d: %s".formatted(host, port, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the HTTP endpoints started", e);
    }
  }

  /** The components whose health is reported. */
  static List<ServiceComponent> components() {
    return components;
  }

  @Override
  public int run(String... arguments) {
    STARTED.complete(null);
    Quarkus.waitForExit();
    return ExitCode.OK;
  }

  private static void ended(int status, Throwable cause) {
    STARTED.completeExceptionally(
        cause == null ? new IllegalStateException("ended with status " + status) : cause);
  }
}
