package io.urteil.chat;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.chat.http.RetryAfter;
import io.urteil.engine.EngineClosedException;
import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import io.urteil.prompt.WrittenChoice;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on an OpenAI-compatible server. The life of a sample, on its own virtual thread:
 *
 * <ol>
 *   <li>It waits for one of {@code concurrency} permits and for the rate limits. The latter is no
 *       part of a judge's time limit; see {@link CallNotes}.
 *   <li>It is sent to the URL with the fewest requests, or to the next one if that cannot be
 *       reached; see {@link ServerEndpoints}. Rate limiting (429), server errors (5xx) and
 *       connection failures are retried after the time in Retry-After, or after a pause that
 *       doubles, with jitter, up to the maximum number of tries and the deadline of the request.
 *   <li>Other client errors (4xx) are not retried.
 * </ol>
 *
 * <p>A failed request is an exception, never a text. Thread-safe.
 */
public final class RemoteChatModel implements ChatModel {

  private static final Logger LOGGER = LoggerFactory.getLogger(RemoteChatModel.class);
  private static final String FAILED = "Request '%s' to server %s failed: %s";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofDays(1);
  private static final int CHARACTERS_PER_TOKEN = 3;
  private static final long MAX_RESPONSE_BYTES = 16L << 20;
  private static final long GRACE_MILLIS = 100;

  /**
   * A request and the parser of its response.
   *
   * @param id for logs and errors; need not be unique
   * @param deadline time at which an unfinished request is cancelled; null for none
   * @param path below the URL of the server, such as {@code chat/completions}
   * @param body computed once, on the thread of the request
   * @param answerTokens maximum number of tokens of the response, for the limit of tokens
   * @param answer parses a response; throws {@link EngineException} if it violates the protocol
   * @param overdue the result when the deadline passed
   */
  public record Exchange<T>(
      String id,
      @Nullable Instant deadline,
      String path,
      Body body,
      int answerTokens,
      Function<String, T> answer,
      Supplier<T> overdue) {}

  /** The JSON text of a request. */
  @FunctionalInterface
  public interface Body {
    String of() throws IOException;
  }

  private final RemoteServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;
  private final ServerEndpoints endpoints;
  private final Semaphore permits;
  private final Optional<RateLimiter> requests;
  private final Optional<RateLimiter> tokens;
  private volatile boolean closed;

  public RemoteChatModel(RemoteServer server) {
    this.server = server;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(server.retries().connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    this.endpoints = new ServerEndpoints(server.urls(), System::nanoTime);
    this.permits = new Semaphore(server.limits().concurrency(), true);
    this.requests = limiter("requests", server.limits().requestsPerMinute());
    this.tokens = limiter("tokens", server.limits().tokensPerMinute());
  }

  /** The server that this model sends its requests to. */
  public RemoteServer server() {
    return server;
  }

  @Override
  public String name() {
    return server.model();
  }

  @Override
  public int concurrency() {
    return server.limits().concurrency();
  }

  @Override
  public Optional<String> address() {
    return Optional.of(server.toString());
  }

  @Override
  public CompletableFuture<ChatCompletion> complete(ChatRequest request) {
    List<CompletableFuture<OpenAiProtocol.Answer>> answers = new ArrayList<>();
    int alternatives = request.writtenChoice() == null ? 0 : OpenAiProtocol.ALTERNATIVES;
    for (int sample = 0; sample < request.samples(); sample++) {
      answers.add(ask(request, request.sampling(), sample, alternatives));
    }
    CompletableFuture<ChatCompletion> completion =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .thenApply(
                all -> {
                  OpenAiProtocol.Answer first = answers.getFirst().join();
                  return new ChatCompletion(
                      request.id(),
                      first.model().isEmpty() ? server.model() : first.model(),
                      first.promptTokens(),
                      answers.stream().map(answer -> sample(request, answer.join())).toList());
                });
    return cancelling(completion, answers);
  }

  @Override
  public CompletableFuture<ChoiceProbabilities> nextTokens(
      ChatRequest request, List<String> choices) {
    ChatSampling oneToken = new ChatSampling(1, 1, 0, 1, List.of(), request.sampling().seed());
    CompletableFuture<OpenAiProtocol.Answer> answer =
        ask(request, oneToken, 0, OpenAiProtocol.ALTERNATIVES);
    return cancelling(answer.thenApply(one -> nextTokens(one, choices)), List.of(answer));
  }

  private ChoiceProbabilities nextTokens(OpenAiProtocol.Answer answer, List<String> choices) {
    if (answer.tokens().isEmpty()) {
      throw missingLogProbabilities();
    }
    return new ChoiceProbabilities(
        answer.model().isEmpty() ? server.model() : answer.model(),
        answer.tokens().getFirst().probabilities(choices));
  }

  /** The sample, with the probabilities of its choice if the request asks for them. */
  private ChatSample sample(ChatRequest request, OpenAiProtocol.Answer answer) {
    WrittenChoice choice = request.writtenChoice();
    ChatSample sample = answer.sample();
    if (choice == null || choice.position(sample.text()).isEmpty()) {
      return sample;
    }
    if (answer.tokens().isEmpty()) {
      throw missingLogProbabilities();
    }
    return sample.withChoices(ChoiceLocator.probabilities(choice, sample.text(), answer.tokens()));
  }

  private RefusedRequestException missingLogProbabilities() {
    return new RefusedRequestException(
        server.body().logProbabilities() == RemoteServer.LogProbabilities.NEVER
            ? "server %s is declared with logProbabilities: never (expected: when-needed, for a judge that reads probabilities)"
                .formatted(server)
            : "server %s returns no log-probabilities (expected: logprobs in its responses)"
                .formatted(server));
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    http.shutdownNow();
  }

  private static <T> CompletableFuture<T> cancelling(
      CompletableFuture<T> whole, List<? extends CompletableFuture<?>> parts) {
    whole.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            parts.forEach(part -> part.cancel(true));
          }
        });
    return whole;
  }

  private CompletableFuture<OpenAiProtocol.Answer> ask(
      ChatRequest request, ChatSampling sampling, int sample, int alternatives) {
    return exchange(
        new Exchange<>(
            request.id(),
            request.deadline(),
            OpenAiProtocol.path(request.prompt()),
            () -> OpenAiProtocol.request(server, request.prompt(), sampling, sample, alternatives),
            sampling.maxTokens(),
            json -> OpenAiProtocol.answer(server, request.prompt(), json),
            this::overdue));
  }

  /**
   * Sends one request of any protocol to the server, under the limits, retries and time limits of
   * this model. The future fails like that of {@link #complete}; cancelling it cancels the request.
   */
  public <T> CompletableFuture<T> exchange(Exchange<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    CallNotes notes = CallNotes.current();
    if (closed) {
      answer.completeExceptionally(new EngineClosedException(request.id()));
      return answer;
    }
    var work =
        threads.submit(
            () -> {
              try {
                answer.complete(answered(request, notes));
              } catch (InterruptedException e) {
                answer.completeExceptionally(new EngineClosedException(request.id()));
              } catch (RuntimeException | IOException e) {
                answer.completeExceptionally(
                    e instanceof EngineException
                        ? e
                        : failed(request, TransportError.of(e, server)));
              }
            });
    answer.whenComplete(
        (value, failure) -> {
          if (answer.isCancelled()) {
            work.cancel(true);
          }
        });
    return answer;
  }

  private <T> T answered(Exchange<T> request, CallNotes notes)
      throws InterruptedException, IOException {
    String body = request.body().of();
    try {
      Duration left = left(request, LONG);
      if (!permits.tryAcquire(left.toMillis(), TimeUnit.MILLISECONDS)) {
        return request.overdue().get();
      }
      try {
        return retried(request, body, estimate(body, request.answerTokens()), notes);
      } finally {
        permits.release();
      }
    } catch (Overdue e) {
      return request.overdue().get();
    }
  }

  private <T> T retried(Exchange<T> request, String body, int estimatedTokens, CallNotes notes)
      throws InterruptedException {
    Retry retry = Retry.of("remote", retries());
    try {
      return retry.executeCallable(
          () -> {
            awaitRates(request, estimatedTokens, notes);
            try {
              return request.answer().apply(sent(request, body));
            } catch (IOException e) {
              notes.note(unavailable(request, e));
              throw e;
            } catch (EngineException e) {
              notes.note(e);
              throw e;
            }
          });
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (IOException e) {
      throw unavailable(request, e);
    } catch (Exception e) {
      throw failed(request, TransportError.of(e, server));
    }
  }

  private UnavailableServerException unavailable(Exchange<?> request, IOException e) {
    return new UnavailableServerException(
        FAILED.formatted(request.id(), server, TransportError.of(e, server)));
  }

  private RetryConfig retries() {
    IntervalFunction backOff =
        IntervalFunction.ofExponentialRandomBackoff(
            server.retries().backOff().toMillis(),
            2,
            0.5,
            server.retries().backOffLimit().toMillis());
    return RetryConfig.custom()
        .maxAttempts(server.retries().tries())
        .retryOnException(
            e ->
                e instanceof IOException
                    || (e instanceof EngineException
                        && !(e instanceof RefusedRequestException)
                        && !(e instanceof Overdue)))
        .intervalBiFunction(
            (attempt, outcome) ->
                outcome.isLeft() && outcome.getLeft() instanceof RetryableResponse response
                    ? response
                        .after()
                        .map(after -> Math.min(after, server.retries().backOffLimit().toMillis()))
                        .orElseGet(() -> backOff.apply(attempt))
                    : backOff.apply(attempt))
        .build();
  }

  /** Sends the request to one URL, and to the next one if it cannot be reached. */
  private String sent(Exchange<?> request, String body) throws IOException, InterruptedException {
    Set<ServerEndpoints.Endpoint> tried = new HashSet<>();
    while (true) {
      ServerEndpoints.Endpoint endpoint = endpoints.take(tried);
      tried.add(endpoint);
      try {
        return sent(request, body, endpoint);
      } catch (ConnectException | HttpConnectTimeoutException e) {
        LOGGER
            .atDebug()
            .addKeyValue("judge", server.model())
            .addKeyValue("error", TransportError.of(e, server))
            .log("server unreachable");
        if (tried.size() == endpoints.count()) {
          throw e;
        }
      }
    }
  }

  private String sent(Exchange<?> request, String body, ServerEndpoints.Endpoint endpoint)
      throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = exchanged(request, body, endpoint);
    } catch (IOException e) {
      endpoints.failed(endpoint);
      throw e;
    } catch (InterruptedException | RuntimeException e) {
      endpoints.released(endpoint);
      throw e;
    }
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      endpoints.failed(endpoint);
    } else {
      endpoints.answered(endpoint);
    }
    if (status == 200) {
      return response.body();
    }
    String message =
        "server %s responded to request '%s' with status %d: %s"
            .formatted(server, request.id(), status, AnswerExcerpt.of(server, response.body()));
    if (status == 408 || status == 409 || status == 425 || status == 429 || status >= 500) {
      LOGGER
          .atDebug()
          .addKeyValue("judge", server.model())
          .addKeyValue("error", status)
          .log("retrying request to server");
      throw new RetryableResponse(
          message,
          RetryAfter.of(response.headers().firstValue("Retry-After")).map(Duration::toMillis));
    }
    throw new RefusedRequestException(message);
  }

  /**
   * One request and its response. The time limit includes the body: the client's own ends with the
   * response's headers.
   */
  private HttpResponse<String> exchanged(
      Exchange<?> request, String body, ServerEndpoints.Endpoint endpoint)
      throws IOException, InterruptedException {
    Duration timeLimit = left(request, server.retries().timeLimit());
    HttpRequest.Builder http1 =
        HttpRequest.newBuilder(endpoint.resolve(request.path()))
            .timeout(timeLimit)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    server.headers().forEach((name, value) -> http1.setHeader(name, value.reveal()));
    Secret key = server.apiKey();
    if (key != null) {
      http1.setHeader("Authorization", "Bearer " + key.reveal());
    }
    CompletableFuture<HttpResponse<String>> response =
        http.sendAsync(
            http1.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(), MAX_RESPONSE_BYTES));
    try {
      return response.get(timeLimit.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("request timed out");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException(TransportError.of(e.getCause(), server));
    } finally {
      response.cancel(true);
    }
  }

  private void awaitRates(Exchange<?> request, int estimatedTokens, CallNotes notes)
      throws InterruptedException {
    if (requests.isPresent()) {
      await(request, requests.get().reservePermission(1), notes);
    }
    if (tokens.isPresent()) {
      int requested = Math.min(estimatedTokens, server.limits().tokensPerMinute());
      await(request, tokens.get().reservePermission(requested), notes);
    }
  }

  private static void await(Exchange<?> request, long nanos, CallNotes notes)
      throws InterruptedException {
    if (nanos < 0 || nanos > left(request, LONG).toNanos()) {
      throw new Overdue(request.id());
    }
    notes.waiting(
        () -> {
          TimeUnit.NANOSECONDS.sleep(nanos);
          return nanos;
        });
  }

  /** The time until the deadline, at most {@code atMost}. */
  private static Duration left(Exchange<?> request, Duration atMost) {
    Instant deadline = request.deadline();
    if (deadline == null) {
      return atMost;
    }
    Duration left = Duration.between(Instant.now(), deadline);
    if (!left.isPositive()) {
      throw new Overdue(request.id());
    }
    return left.compareTo(atMost) < 0 ? left : atMost;
  }

  private OpenAiProtocol.Answer overdue() {
    return new OpenAiProtocol.Answer(
        server.model(),
        0,
        new ChatSample("", 0, List.of(), StopReason.CANCELLED, "the request's deadline passed"),
        List.of());
  }

  private EngineException failed(Exchange<?> request, String reason) {
    return new EngineException(FAILED.formatted(request.id(), server, reason));
  }

  private static int estimate(String body, int answerTokens) {
    return body.length() / CHARACTERS_PER_TOKEN + answerTokens;
  }

  private static Optional<RateLimiter> limiter(String name, int perMinute) {
    if (perMinute == 0) {
      return Optional.empty();
    }
    return Optional.of(
        RateLimiter.of(
            name,
            RateLimiterConfig.custom()
                .limitForPeriod(perMinute)
                .limitRefreshPeriod(MINUTE)
                .timeoutDuration(LONG)
                .build()));
  }

  /** An error response that may succeed on a retry. */
  private static final class RetryableResponse extends UnavailableServerException {
    @java.io.Serial private static final long serialVersionUID = 1L;
    private final transient @Nullable Long afterMillis;

    RetryableResponse(String message, Optional<Long> after) {
      super(message);
      this.afterMillis = after.orElse(null);
    }

    Optional<Long> after() {
      return Optional.ofNullable(afterMillis);
    }
  }

  /** The deadline of the request passed before a response. */
  private static final class Overdue extends EngineException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    Overdue(String requestId) {
      super("Request '%s' is overdue".formatted(requestId));
    }
  }
}
