package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the OpenAI protocol (vLLM, SGLang, llama.cpp, hosted ones), and how much of
 * it may be asked for.
 *
 * @param baseUrl up to and including the version, such as {@code http://127.0.0.1:8000/v1}
 * @param model as the server calls it
 * @param apiKey sent as bearer token; null for none. Never in {@link #toString}
 * @param assistantPrefix how the server is told what the assistant's turn begins with
 */
public record RemoteServer(
    URI baseUrl,
    String model,
    @Nullable String apiKey,
    Limits limits,
    Retries retries,
    AssistantPrefix assistantPrefix) {

  /**
   * How much may be asked for.
   *
   * @param concurrency requests under way at once; the others wait in line
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
   * How long a request is tried.
   *
   * @param tries how often a request is sent before it fails
   * @param backOff pause after the first try, doubled after each and spread by half of itself
   *     either way; what the server asks for by Retry-After is waited for instead
   * @param backOffLimit longest pause, also of those that the server asks for
   * @param timeLimit for one try
   */
  public record Retries(int tries, Duration backOff, Duration backOffLimit, Duration timeLimit) {

    private void check(List<String> problems) {
      atLeast(problems, "tries", tries, 1);
      positive(problems, "backOff", backOff);
      positive(problems, "backOffLimit", backOffLimit);
      positive(problems, "timeLimit", timeLimit);
    }
  }

  /** How a server is told what the assistant's turn begins with. */
  public enum AssistantPrefix {
    /** It is not: the model begins by itself. */
    NONE,
    /** A last message of the assistant, which llama.cpp and others continue. */
    LAST_MESSAGE,
    /** The same with {@code continue_final_message}, as vLLM and SGLang want it. */
    CONTINUE_FINAL_MESSAGE
  }

  public RemoteServer {
    requireNonNull(model, "model");
    List<String> problems = new ArrayList<>();
    String scheme = baseUrl.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
      problems.add("url: '%s' (expected: such as http://127.0.0.1:8000/v1)".formatted(baseUrl));
    }
    limits.check(problems);
    retries.check(problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** A server with the usual limits: 32 requests at once, 6 tries, two minutes for each. */
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
      problems.add("%s: %s (expected: more than nothing)".formatted(name, value));
    }
  }
}
