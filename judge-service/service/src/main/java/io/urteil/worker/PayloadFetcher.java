package io.urteil.worker;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.event.Namespace;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.kafka.BrokerUnreachableException;
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
 * Fetches payloads for many threads with one reader: whatever is asked for while it reads is read
 * together next. While the log cannot be reached it goes on trying. One thread of its own.
 */
final class PayloadFetcher implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PayloadFetcher.class);

  private record Question(
      Collection<RolloutReference> references,
      CompletableFuture<Map<RolloutReference, Payload>> answer) {}

  private final Retry retry = untilReached();
  private final LinkedBlockingQueue<Question> questions = new LinkedBlockingQueue<>();
  private final Thread thread;

  PayloadFetcher(Namespace place) {
    this.thread =
        Thread.ofPlatform()
            .name("judge-payloads")
            .start(
                () -> {
                  try (RolloutReader reader = new RolloutReader(place)) {
                    answer(reader);
                  }
                });
  }

  /** What lies at each reference; waits for it. */
  Map<RolloutReference, Payload> read(Collection<RolloutReference> references)
      throws InterruptedException {
    Question question = new Question(references, new CompletableFuture<>());
    questions.add(question);
    try {
      return question.answer().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading rollouts", e.getCause());
    } catch (CancellationException e) {
      throw new IllegalStateException("closed while reading rollouts", e);
    }
  }

  private void answer(RolloutReader reader) {
    List<Question> waiting = new ArrayList<>();
    try {
      while (true) {
        waiting.add(questions.take());
        questions.drainTo(waiting);
        List<RolloutReference> all =
            waiting.stream()
                .flatMap(question -> question.references().stream())
                .distinct()
                .toList();
        Map<RolloutReference, Payload> found = Retrying.call(retry, () -> reader.read(all));
        waiting.forEach(question -> question.answer().complete(found));
        waiting.clear();
      }
    } catch (InterruptedException | InterruptException e) {
      // The reader's close must not be interrupted by what ended it.
      Thread.interrupted();
      questions.drainTo(waiting);
      waiting.forEach(question -> question.answer().cancel(true));
    } catch (RuntimeException e) {
      questions.drainTo(waiting);
      waiting.forEach(question -> question.answer().completeExceptionally(e));
      throw e;
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

  /** Without a pause: the reader has waited for the broker before it throws. */
  private static Retry untilReached() {
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
                    .log("rollouts cannot be read; trying again"));
    return retry;
  }
}
