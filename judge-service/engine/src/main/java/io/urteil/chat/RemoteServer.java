package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server with the OpenAI protocol (vLLM, SGLang, llama.cpp, hosted services), with the limits and
 * retries of its requests.
 *
 * @param baseUrl including the API version, such as {@code http://127.0.0.1:8000/v1}
 * @param model name of the model on the server
 * @param apiKey sent as bearer token; null for none. Excluded from {@link #toString}
 * @param limits on requests and tokens
 * @param retries of failed requests
 * @param assistantPrefix the way in which the assistant prefix is sent
 */
public record RemoteServer(
    URI baseUrl,
    String model,
    @Nullable String apiKey,
    Limits limits,
    Retries retries,
    AssistantPrefix assistantPrefix) {

  /**
   * The limits of requests.
   *
   * @param concurrency maximum number of concurrent requests; others wait
   * @param requestsPerMinute 0 for no limit
   * @param tokensPerMinute prompt and completion together, estimated before the request; 0 for no
   *     limit
   */
  public record Limits(int concurrency, int requestsPerMinute, int tokensPerMinute) {

    private void check(List<String> problems) {
      atLeast(problems, "concurrency", concurrency, 1);
      atLeast(problems, "requestsPerMinute", requestsPerMinute, 0);
      atLeast(problems, "tokensPerMinute", tokensPerMinute, 0);
    }
  }

  /**
   * The retries of a request.
   *
   * @param tries maximum number of times that a request is sent
   * @param backOff pause after the first try; doubles after each, with 50% jitter. A Retry-After
   *     header replaces it
   * @param backOffLimit maximum pause, including Retry-After
   * @param timeLimit of one try
   */
  public record Retries(int tries, Duration backOff, Duration backOffLimit, Duration timeLimit) {

    private void check(List<String> problems) {
      atLeast(problems, "tries", tries, 1);
      positive(problems, "backOff", backOff);
      positive(problems, "backOffLimit", backOffLimit);
      positive(problems, "timeLimit", timeLimit);
    }
  }

  /** The way in which the assistant prefix is sent to the server. */
  public enum AssistantPrefix {
    /** The prefix is not sent. */
    NONE,
    /** As a last assistant message, which llama.cpp and others continue. */
    LAST_MESSAGE,
    /** As a last assistant message with {@code continue_final_message}, for vLLM and SGLang. */
    CONTINUE_FINAL_MESSAGE
  }

  public RemoteServer {
    requireNonNull(model, "model");
    List<String> problems = new ArrayList<>();
    String scheme = baseUrl.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
      problems.add(
          "url: '%s' (expected: a URL such as http://127.0.0.1:8000/v1)".formatted(baseUrl));
    }
    limits.check(problems);
    retries.check(problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** A server with default limits: 32 concurrent requests, 6 tries of at most two minutes each. */
  public static RemoteServer at(URI baseUrl, String model) {
    return new RemoteServer(
        baseUrl,
        model,
        null,
        new Limits(32, 0, 0),
        new Retries(6, Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(2)),
        AssistantPrefix.NONE);
  }

  public RemoteServer withApiKey(String key) {
    return new RemoteServer(baseUrl, model, key, limits, retries, assistantPrefix);
  }

  public RemoteServer withLimits(int atOnce, int requests, int tokens) {
    return new RemoteServer(
        baseUrl, model, apiKey, new Limits(atOnce, requests, tokens), retries, assistantPrefix);
  }

  public RemoteServer withRetries(int sends, Duration first, Duration limit, Duration each) {
    return new RemoteServer(
        baseUrl, model, apiKey, limits, new Retries(sends, first, limit, each), assistantPrefix);
  }

  public RemoteServer withAssistantPrefix(AssistantPrefix prefix) {
    return new RemoteServer(baseUrl, model, apiKey, limits, retries, prefix);
  }

  URI endpoint(String path) {
    String base = baseUrl.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  @Override
  public String toString() {
    return model + " at " + baseUrl;
  }

  private static void atLeast(List<String> problems, String name, int value, int least) {
    if (value < least) {
      problems.add("%s: %d (expected: >= %d)".formatted(name, value, least));
    }
  }

  private static void positive(List<String> problems, String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      problems.add("%s: %s (expected: > 0)".formatted(name, value));
    }
  }
}
