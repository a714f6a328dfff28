package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server with the OpenAI protocol (vLLM, SGLang, llama.cpp, hosted services): its URLs, what is
 * sent to them, and the limits, retries and token costs of its requests.
 *
 * @param name of the declaration; null for a server whose URL a run file defines
 * @param urls of equal servers, each including the API version, such as {@code
 *     http://127.0.0.1:8000/v1}
 * @param model name of the model on the server
 * @param apiKey sent as bearer token; null for none
 * @param headers further headers
 * @param body what requests contain beside the prompt
 * @param limits on requests and tokens
 * @param retries of failed requests
 * @param price of its tokens
 * @param quoted whether errors contain an excerpt of its answers
 */
public record RemoteServer(
    @Nullable String name,
    List<URI> urls,
    String model,
    @Nullable Secret apiKey,
    Map<String, Secret> headers,
    Body body,
    Limits limits,
    Retries retries,
    Price price,
    boolean quoted) {

  /** Keys of a request that define what is asked and how the answer is read. */
  private static final Set<String> RESERVED =
      Set.of(
          "model",
          "messages",
          "prompt",
          "stream",
          "n",
          "best_of",
          "echo",
          "state",
          "input",
          "questions");

  /** Headers of the connection, which the client sets. */
  private static final Set<String> CONNECTION_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

  private static final String HEADER_NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

  /**
   * What requests contain beside the prompt.
   *
   * @param logProbabilities when log-probabilities are requested
   * @param temperature whether temperature, top_p and top_k are sent
   * @param assistantPrefix how the assistant prefix is sent
   * @param omitted keys that are never sent, such as {@code seed}
   * @param extra keys that are added, or replace those of the protocol; objects are merged
   */
  public record Body(
      LogProbabilities logProbabilities,
      boolean temperature,
      AssistantPrefix assistantPrefix,
      Set<String> omitted,
      ObjectNode extra) {

    public Body {
      omitted = Set.copyOf(omitted);
      extra = extra.deepCopy();
    }

    private void check(List<String> problems) {
      extra
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (RESERVED.contains(key)) {
                  problems.add(
                      "body.%s: a key of the protocol (expected: another key)".formatted(key));
                }
              });
      for (String key : omitted) {
        if (RESERVED.contains(key)) {
          problems.add("omit: '%s' is a key that every request needs".formatted(key));
        }
      }
    }
  }

  /** When log-probabilities are requested. */
  public enum LogProbabilities {
    /** Only for a judge that reads probabilities. */
    WHEN_NEEDED,
    /** With every request. */
    ALWAYS,
    /** Never; a judge that reads probabilities fails. For services that refuse such requests. */
    NEVER
  }

  /**
   * The price of tokens, in any currency.
   *
   * @param inputPerMillion price of a million prompt tokens
   * @param outputPerMillion price of a million generated tokens
   */
  public record Price(double inputPerMillion, double outputPerMillion) {

    /** A server without a price. */
    public static final Price NONE = new Price(0, 0);

    private static final double MILLION = 1e6;

    /** The price of these tokens. */
    public double of(long promptTokens, long completionTokens) {
      return (promptTokens * inputPerMillion + completionTokens * outputPerMillion) / MILLION;
    }

    private void check(List<String> problems) {
      finite(problems, "inputPerMillion", inputPerMillion);
      finite(problems, "outputPerMillion", outputPerMillion);
    }

    private static void finite(List<String> problems, String name, double value) {
      if (!(value >= 0) || Double.isInfinite(value)) {
        problems.add("%s: %s (expected: >= 0)".formatted(name, value));
      }
    }
  }

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
   * @param connectTimeout limit of the time to connect
   * @param timeLimit of one try, connection and answer included
   */
  public record Retries(
      int tries,
      Duration backOff,
      Duration backOffLimit,
      Duration connectTimeout,
      Duration timeLimit) {

    private void check(List<String> problems) {
      atLeast(problems, "tries", tries, 1);
      positive(problems, "backOff", backOff);
      positive(problems, "backOffLimit", backOffLimit);
      positive(problems, "connectTimeout", connectTimeout);
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
    urls = List.copyOf(urls);
    headers = Map.copyOf(headers);
    List<String> problems = new ArrayList<>();
    if (urls.isEmpty()) {
      problems.add("urls: none (expected: at least one)");
    }
    urls.forEach(url -> check(url, problems));
    for (String header : headers.keySet()) {
      if (!header.matches(HEADER_NAME)
          || CONNECTION_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
        problems.add("headers: '%s' (expected: the name of another header)".formatted(header));
      }
    }
    body.check(problems);
    limits.check(problems);
    retries.check(problems);
    price.check(problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** A URL with user information or a query is not shown, since both may hold a key. */
  private static void check(URI url, List<String> problems) {
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      problems.add(
          "url: one with user information, a query or a fragment (expected: none of them; a key"
              + " belongs to apiKeyVariable, apiKeyFile or headers)");
      return;
    }
    String scheme = url.getScheme();
    if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        || url.getHost() == null) {
      problems.add("url: '%s' (expected: a URL such as http://127.0.0.1:8000/v1)".formatted(url));
    }
  }

  /** A server with default limits: 32 concurrent requests, 6 tries of at most two minutes each. */
  public static RemoteServer at(URI baseUrl, String model) {
    return new RemoteServer(
        null,
        List.of(baseUrl),
        model,
        null,
        Map.of(),
        new Body(
            LogProbabilities.ALWAYS,
            true,
            AssistantPrefix.NONE,
            Set.of(),
            JsonNodeFactory.instance.objectNode()),
        new Limits(32, 0, 0),
        new Retries(
            6,
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2)),
        Price.NONE,
        true);
  }

  public RemoteServer withApiKey(String key) {
    return new RemoteServer(
        name, urls, model, Secret.of(key), headers, body, limits, retries, price, quoted);
  }

  /** This server with the name of its declaration. */
  public RemoteServer withName(String declared) {
    return new RemoteServer(
        declared, urls, model, apiKey, headers, body, limits, retries, price, quoted);
  }

  public RemoteServer withUrls(List<URI> others) {
    return new RemoteServer(
        name, others, model, apiKey, headers, body, limits, retries, price, quoted);
  }

  public RemoteServer withBody(Body other) {
    return new RemoteServer(
        name, urls, model, apiKey, headers, other, limits, retries, price, quoted);
  }

  public RemoteServer withHeaders(Map<String, Secret> others) {
    return new RemoteServer(
        name, urls, model, apiKey, others, body, limits, retries, price, quoted);
  }

  public RemoteServer withLimits(int atOnce, int requests, int tokens) {
    return new RemoteServer(
        name,
        urls,
        model,
        apiKey,
        headers,
        body,
        new Limits(atOnce, requests, tokens),
        retries,
        price,
        quoted);
  }

  public RemoteServer withRetries(int sends, Duration first, Duration limit, Duration each) {
    return new RemoteServer(
        name,
        urls,
        model,
        apiKey,
        headers,
        body,
        limits,
        new Retries(sends, first, limit, retries.connectTimeout(), each),
        price,
        quoted);
  }

  public RemoteServer withAssistantPrefix(AssistantPrefix prefix) {
    return withBody(
        new Body(
            body.logProbabilities(), body.temperature(), prefix, body.omitted(), body.extra()));
  }

  /** This server, with no part of its answers in errors. */
  public RemoteServer withoutExcerpts() {
    return new RemoteServer(
        name, urls, model, apiKey, headers, body, limits, retries, price, false);
  }

  /** Name or URL for messages; the URLs of a declared server are the operator's. */
  @Override
  public String toString() {
    return name == null ? model + " at " + urls.getFirst() : "'%s' (%s)".formatted(name, model);
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
