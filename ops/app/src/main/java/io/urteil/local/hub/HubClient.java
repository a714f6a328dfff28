package io.urteil.local.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.urteil.chat.http.RetryAfter;
import io.urteil.file.ModelName;
import io.urteil.local.hub.HubException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HTTP requests to a hub: lists a repository, asks for the hash of a file, and opens a file at
 * an offset. Busy and failing servers are retried; redirects are followed by hand, so that the
 * token goes to no other host. Thread-safe; calls block.
 */
final class HubClient implements AutoCloseable {

  private static final int TRIES = 5;
  private static final int REDIRECTS_MAX = 8;
  private static final int LISTING_BYTES_MAX = 32_000_000;
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final Set<Integer> BUSY = Set.of(408, 429, 500, 502, 503, 504);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern RESET = Pattern.compile("(?:^|;)\\s*t=(\\d{1,6})\\s*(?:;|$)");
  private static final JsonMapper JSON = new JsonMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build());
  }

  private final HubSettings settings;
  private final HttpClient http;

  HubClient(HubSettings settings) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.silence())
            .build();
  }

  /**
   * What a hub states of a file before it is downloaded.
   *
   * @param hash SHA-256 of the content, or SHA-1 of the content as a git blob; the name in the
   *     cache
   * @param size in bytes
   */
  record FileState(String hash, long size) {}

  /**
   * The commit and the files of a revision.
   *
   * @throws HubException if there is no such model or revision, or no access to it
   */
  Repository repository(ModelName name) {
    URI uri =
        uri("/api/models/" + name.id() + "/revision/" + encoded(name.revision()) + "?blobs=true");
    try (InputStream body = expect(send("GET", uri, 0, true), 200, name, uri).body()) {
      byte[] bytes = body.readNBytes(LISTING_BYTES_MAX + 1);
      if (bytes.length > LISTING_BYTES_MAX) {
        throw unexpected(uri, "more than %d bytes".formatted(LISTING_BYTES_MAX));
      }
      return repository(JSON.readTree(bytes), uri);
    } catch (JsonProcessingException e) {
      throw unexpected(uri, "no JSON");
    } catch (IOException e) {
      throw cut(uri, e);
    }
  }

  private static Repository repository(JsonNode root, URI uri) {
    String commit = root.path("sha").asText();
    if (!ModelName.isCommit(commit)) {
      throw unexpected(uri, "sha '%s'".formatted(NeededFiles.shown(commit)));
    }
    List<RepositoryFile> files = new ArrayList<>();
    for (JsonNode file : root.path("siblings")) {
      files.add(new RepositoryFile(file.path("rfilename").asText(), file.path("size").asLong(-1)));
    }
    JsonNode base = root.path("cardData").path("base_model");
    String named = base.isArray() ? base.path(0).asText() : base.asText();
    return new Repository(commit, files, ModelName.parse(named).map(ModelName::id));
  }

  /**
   * Hash and size of a file.
   *
   * @throws HubException if there is no such file, or no access to it
   */
  FileState state(ModelName name, String commit, String file) {
    URI uri = fileUri(name, commit, file);
    HttpResponse<InputStream> response = send("HEAD", uri, 0, false);
    close(response);
    int status = response.statusCode();
    if (status != 200 && !REDIRECTS.contains(status)) {
      throw refused(response, name, uri);
    }
    String hash =
        response
            .headers()
            .firstValue("X-Linked-Etag")
            .or(() -> response.headers().firstValue("ETag"))
            .map(tag -> tag.replaceFirst("^W/", "").replaceAll("^\"|\"$", ""))
            .orElse("");
    if (!hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw unexpected(uri, "ETag '%s' instead of a hash".formatted(NeededFiles.shown(hash)));
    }
    OptionalLong size = number(response, "X-Linked-Size");
    if (size.isEmpty() && status == 200) {
      size = number(response, "Content-Length");
    }
    return new FileState(hash, size.orElseThrow(() -> unexpected(uri, "no size of the file")));
  }

  /**
   * Opens a file at an offset; the caller closes the body. The status is 200 or 206, or 416 if the
   * offset is not in the file.
   */
  HttpResponse<InputStream> open(ModelName name, String commit, String file, long from) {
    URI uri = fileUri(name, commit, file);
    HttpResponse<InputStream> response = send("GET", uri, from, true);
    int status = response.statusCode();
    if (status != 200 && !(from > 0 && (status == 206 || status == 416))) {
      close(response);
      throw refused(response, name, uri);
    }
    return response;
  }

  /** Waits before retry number {@code failures}, at most as long as is sensible. */
  void backOff(int failures) {
    sleep(settings.backOff().multipliedBy(1L << Math.min(failures - 1, 5)));
  }

  private URI fileUri(ModelName name, String commit, String file) {
    return uri("/" + name.id() + "/resolve/" + commit + "/" + encoded(file));
  }

  private URI uri(String path) {
    return URI.create(settings.endpoint() + path);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Follows redirects.
   *
   * @param anywhere whether to follow them to other hosts, too; a HEAD request ends at the hub,
   *     which states the hash
   */
  private HttpResponse<InputStream> send(String method, URI uri, long from, boolean anywhere) {
    URI at = uri;
    for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
      HttpResponse<InputStream> response = answered(method, at, from);
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      URI next = redirected(at, response);
      boolean ends =
          !anywhere && (response.headers().firstValue("X-Linked-Etag").isPresent() || !isHub(next));
      if (ends) {
        return response;
      }
      close(response);
      at = next;
    }
    throw unexpected(uri, "more than %d redirects".formatted(REDIRECTS_MAX));
  }

  private static URI redirected(URI from, HttpResponse<InputStream> response) {
    String location = response.headers().firstValue("Location").orElse("");
    URI next;
    try {
      next = from.resolve(location);
    } catch (IllegalArgumentException e) {
      next = from;
    }
    boolean secure =
        "https".equals(next.getScheme())
            || ("http".equals(next.getScheme()) && "http".equals(from.getScheme()));
    if (location.isEmpty() || next.getHost() == null || !secure) {
      throw unexpected(from, "a redirect to '%s'".formatted(NeededFiles.shown(location)));
    }
    return next;
  }

  /** Sends until the server answers something else than that it is busy. */
  private HttpResponse<InputStream> answered(String method, URI uri, long from) {
    for (int failures = 1; ; failures++) {
      try {
        HttpResponse<InputStream> response =
            http.send(request(method, uri, from), BodyHandlers.ofInputStream());
        if (!BUSY.contains(response.statusCode())) {
          return response;
        }
        close(response);
        Optional<Duration> asked = asked(response);
        if (failures == TRIES || asked.filter(wait -> wait.compareTo(WAIT_MAX) > 0).isPresent()) {
          throw new HubException(
              Kind.UNREACHABLE,
              "%s answers %d%s (expected: the model; %d of %d tries made)"
                  .formatted(
                      shown(uri),
                      response.statusCode(),
                      asked.map(wait -> " and asks to wait " + wait.toSeconds() + " s").orElse(""),
                      failures,
                      TRIES));
        }
        if (asked.isPresent()) {
          sleep(asked.get());
        } else {
          backOff(failures);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      } catch (IOException e) {
        if (failures == TRIES || isPermanent(e)) {
          throw unreachable(uri, e);
        }
        backOff(failures);
      }
    }
  }

  private static boolean isPermanent(IOException e) {
    return e instanceof javax.net.ssl.SSLHandshakeException
        || e.getCause() instanceof java.nio.channels.UnresolvedAddressException
        || e instanceof InterruptedIOException && Thread.currentThread().isInterrupted();
  }

  private HttpRequest request(String method, URI uri, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.noBody())
            .timeout(settings.silence())
            .header("User-Agent", "urteil")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (isHub(uri)) {
      settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    return request.build();
  }

  /** Whether an address is on the hub itself: the same scheme, host and port. */
  private boolean isHub(URI uri) {
    URI hub = settings.endpoint();
    return Objects.equals(hub.getScheme(), uri.getScheme())
        && hub.getHost().equalsIgnoreCase(uri.getHost())
        && port(hub) == port(uri);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  /** The wait that a busy server asks for. */
  private static Optional<Duration> asked(HttpResponse<?> response) {
    return RetryAfter.of(response.headers().firstValue("Retry-After"))
        .or(
            () ->
                response
                    .headers()
                    .firstValue("RateLimit")
                    .map(RESET::matcher)
                    .filter(Matcher::find)
                    .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1)))));
  }

  private HttpResponse<InputStream> expect(
      HttpResponse<InputStream> response, int status, ModelName name, URI uri) {
    if (response.statusCode() != status) {
      close(response);
      throw refused(response, name, uri);
    }
    return response;
  }

  /** What a refusal means, in one sentence. */
  private HubException refused(HttpResponse<?> response, ModelName name, URI uri) {
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    int status = response.statusCode();
    String page = settings.endpoint() + "/" + name.id();
    if (code.equals("GatedRepo")) {
      return new HubException(
          Kind.REQUEST,
          settings.token().isEmpty()
              ? "model '%s' is gated (expected: HF_TOKEN with the token of an account that accepted the conditions at %s)"
                  .formatted(name, page)
              : "model '%s' is gated and the account of the token has no access (expected: an account that accepted the conditions at %s)"
                  .formatted(name, page));
    }
    if (code.equals("RevisionNotFound")) {
      return new HubException(
          Kind.REQUEST,
          "model '%s' has no revision '%s' (expected: a branch, tag or commit of %s)"
              .formatted(name.id(), name.revision(), page));
    }
    if (code.equals("EntryNotFound")) {
      return new HubException(
          Kind.MODEL,
          "model '%s': %s is listed and missing (expected: each listed file)"
              .formatted(name, shown(uri)));
    }
    if (code.equals("RepoNotFound") || status == 401 || status == 403 || status == 404) {
      return new HubException(
          Kind.REQUEST,
          "model '%s' is not on %s (expected: the name of a model%s)"
              .formatted(
                  name.id(),
                  settings.endpoint(),
                  settings.token().isEmpty()
                      ? "; a private one needs HF_TOKEN"
                      : " that the account of the token can read"));
    }
    return unexpected(uri, "status " + status);
  }

  private static HubException unexpected(URI uri, String found) {
    return new HubException(
        Kind.UNREACHABLE,
        "%s answers %s (expected: a Hugging Face hub)".formatted(shown(uri), found));
  }

  private static HubException unreachable(URI uri, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new HubException(
        Kind.UNREACHABLE,
        "no answer from %s://%s: %s (expected: a Hugging Face hub; HF_ENDPOINT names another, HF_HUB_OFFLINE=1 uses the cache only)"
            .formatted(uri.getScheme(), uri.getRawAuthority(), NeededFiles.shown(reason)),
        e);
  }

  private static HubException cut(URI uri, IOException e) {
    return new HubException(
        Kind.TRANSFER,
        "%s: the connection ended (expected: a complete answer)".formatted(shown(uri)),
        e);
  }

  /** An address without its query, which may hold a signature. */
  private static String shown(URI uri) {
    return "%s://%s%s".formatted(uri.getScheme(), uri.getRawAuthority(), uri.getRawPath());
  }

  private static OptionalLong number(HttpResponse<?> response, String header) {
    Optional<String> text =
        response.headers().firstValue(header).filter(value -> value.matches("\\d{1,18}"));
    return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static HubException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HubException(
        Kind.TRANSFER, "interrupted (expected: to wait for the hub's answer)", e);
  }

  private static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      // The answer is known; the connection ends here.
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
