package io.urteil.worker;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.event.Namespace;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.worker.call.Retrying;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches payloads for many threads with one reader on its own thread. Requests that arrive during
 * a read are combined into the next read. It retries while the broker is unreachable. Thread-safe.
 */
final class PayloadFetcher implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PayloadFetcher.class);

  private record Request(
      Collection<RolloutReference> references,
      CompletableFuture<Map<RolloutReference, Payload>> result) {}

  private final Retry retry = unlimited();
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final Thread thread;

  PayloadFetcher(Namespace namespace) {
    this.thread =
        Thread.ofPlatform()
            .name("judge-payloads")
            .start(
                () -> {
                  try (RolloutReader reader = new RolloutReader(namespace)) {
                    serve(reader);
                  }
                });
  }

  /** The payload of each reference; blocks until all are read. */
  Map<RolloutReference, Payload> read(Collection<RolloutReference> references)
      throws InterruptedException {
    Request request = new Request(references, new CompletableFuture<>());
    requests.add(request);
    try {
      return request.result().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read rollouts", e.getCause());
    } catch (CancellationException e) {
      throw new IllegalStateException("closed while rollouts were read", e);
    }
  }

  private void serve(RolloutReader reader) {
    List<Request> pending = new ArrayList<>();
    try {
      while (true) {
        pending.add(requests.take());
        requests.drainTo(pending);
        List<RolloutReference> all =
            pending.stream().flatMap(request -> request.references().stream()).distinct().toList();
        try {
          Map<RolloutReference, Payload> found = Retrying.call(retry, () -> reader.read(all));
          pending.forEach(request -> request.result().complete(found));
        } catch (InterruptException e) {
          throw e;
        } catch (RuntimeException e) {
          // The records that asked fail; later ones may be readable.
          pending.forEach(request -> request.result().completeExceptionally(e));
        }
        pending.clear();
      }
    } catch (InterruptedException | InterruptException e) {
      // The interrupt that ended this loop must not also interrupt the reader's close.
      Thread.interrupted();
      requests.drainTo(pending);
      pending.forEach(request -> request.result().cancel(true));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Unlimited retries without a pause: the reader throws only after it has waited for a broker. */
  private static Retry unlimited() {
    Retry retry =
        Retry.of(
            "payloads",
            RetryConfig.custom()
                .maxAttempts(Integer.MAX_VALUE)
                .waitDuration(Duration.ZERO)
                .retryExceptions(BrokerUnreachableException.class)
                .build());
    retry
        .getEventPublisher()
        .onRetry(
            event ->
                LOGGER
                    .atWarn()
                    .addKeyValue("error", event.getLastThrowable().getMessage())
                    .log("cannot read rollouts, retrying"));
    return retry;
  }
}
