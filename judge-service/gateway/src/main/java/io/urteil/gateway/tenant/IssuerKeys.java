package io.urteil.gateway.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer, read by OpenID Connect Discovery: first its description, then the
 * key set that this names. They are read again every five minutes, and when a token has a key that
 * is not among them. Keys that were read remain while the issuer does not answer. Does not block:
 * reading runs beside. Thread-safe.
 */
final class IssuerKeys {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();
  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long MAX_BYTES = 1 << 20;
  private static final int OK = 200;

  private final Issuer issuer;
  private final HttpClient client;
  private final Executor executor;
  private final LongSupplier nanos;
  private final Consumer<String> problems;
  private final AtomicReference<@Nullable Reading> last = new AtomicReference<>();
  private volatile @Nullable List<JsonWebKey> keys;
  private @Nullable String problem;

  /** An attempt to read the keys. */
  private static final class Reading {
    private final long begunAt;
    private volatile boolean done;

    Reading(long begunAt) {
      this.begunAt = begunAt;
    }
  }

  /**
   * @param executor of the reading, which blocks
   * @param nanos monotonic clock
   * @param problems receives each new reason why the keys cannot be read
   */
  IssuerKeys(
      Issuer issuer,
      HttpClient client,
      Executor executor,
      LongSupplier nanos,
      Consumer<String> problems) {
    this.issuer = issuer;
    this.client = client;
    this.executor = executor;
    this.nanos = nanos;
    this.problems = problems;
  }

  /** A client as these keys need it: it follows no redirect. */
  static HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(TIMEOUT)
        .build();
  }

  /** The keys; empty before they were read for the first time. */
  Optional<List<JsonWebKey>> current() {
    List<JsonWebKey> known = keys;
    read(known == null ? PAUSE_NANOS : FRESH_NANOS);
    return Optional.ofNullable(keys);
  }

  /** Reads the keys again unless that was done just now; whether it is being done. */
  boolean readAgain() {
    read(PAUSE_NANOS);
    Reading reading = last.get();
    return reading != null && !reading.done;
  }

  private void read(long afterNanos) {
    long now = nanos.getAsLong();
    Reading before = last.get();
    if (before != null && now - before.begunAt < afterNanos) {
      return;
    }
    Reading reading = new Reading(now);
    if (last.compareAndSet(before, reading)) {
      executor.execute(
          () -> {
            try {
              read();
            } finally {
              reading.done = true;
            }
          });
    }
  }

  private synchronized void read() {
    try {
      JsonNode description = json(issuer.discovery());
      if (!description.path("issuer").asText().equals(issuer.url())) {
        throw new IOException("the description names another issuer");
      }
      String set = description.path("jwks_uri").asText();
      if (!Issuer.isTrustworthy(set)) {
        throw new IOException("jwks_uri is not an https URL");
      }
      keys = List.copyOf(new JsonWebKeySet(json(URI.create(set)).toString()).getJsonWebKeys());
      problem = null;
    } catch (IOException | JoseException | RuntimeException e) {
      report(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      report(e);
    }
  }

  private void report(Exception failure) {
    String reason =
        failure.getMessage() == null
            ? failure.getClass().getSimpleName()
            : "%s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage());
    String now = "keys of the issuer %s: %s".formatted(issuer.url(), reason);
    // Each problem once, and not with each attempt.
    if (!now.equals(problem)) {
      problem = now;
      problems.accept(now);
    }
  }

  private JsonNode json(URI uri) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    if (response.statusCode() != OK) {
      throw new IOException("%s answers %d (expected: 200)".formatted(uri, response.statusCode()));
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(uri + " does not answer with JSON", e);
    }
  }
}
