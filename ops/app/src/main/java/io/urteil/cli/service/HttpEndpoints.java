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

/** Quarkus beside a service's parts: {@code /q/health} and {@code /q/metrics}. */
public final class HttpEndpoints implements QuarkusApplication {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final CompletableFuture<Void> STARTED = new CompletableFuture<>();
  private static volatile List<ServiceComponent> parts = List.of();

  /** Starts the endpoints; returns when they answer. Called once a process. */
  static void start(String host, int port, List<ServiceComponent> served) {
    parts = List.copyOf(served);
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
      throw new IllegalStateException("no HTTP on %s:%d: %s".formatted(host, port, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while HTTP was starting", e);
    }
  }

  /** The parts whose health is reported. */
  static List<ServiceComponent> parts() {
    return parts;
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
