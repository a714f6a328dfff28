package io.urteil.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.tenant.KeyGate;
import io.urteil.gateway.tenant.TenantKeysFile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter in front of a router, over HTTP. */
class KeyFilterTest {

  private static final String KEY = "key-of-one-with-at-least-32-characters";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /** The URLs as an access log has them, when the response ends. */
  private final List<String> logged = new CopyOnWriteArrayList<>();

  private volatile @Nullable Duration overload;
  private HttpServer server;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    TenantKeysFile keys =
        TenantKeysFile.open(
            Files.writeString(
                directory.resolve("keys.yaml"),
                "tenants: { one: { keys: [ %s ] } }".formatted(KEY)));
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            request -> {
              request.addEndHandler(end -> logged.add(request.request().uri()));
              request.next();
            });
    router.route().handler(request -> KeyFilter.handle(request, keys, tenant -> count()));
    router.route().handler(this::resource);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  private void count() {
    Duration after = overload;
    if (after != null) {
      throw new RefusedException(new Refusal.Overloaded("1 requests", after));
    }
  }

  private void resource(RoutingContext request) {
    KeyGate.Admitted admitted = KeyFilter.admitted(request);
    seen.add(
        "%s %s run=%s"
            .formatted(
                admitted == null ? "open" : admitted.tenant().name(),
                request.normalizedPath(),
                request.queryParams().get("run")));
    request.end("done");
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private record Answer(int status, String body, HttpClientResponse response) {
    JsonObject problem() {
      assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
      assertThat(new JsonObject(body).getInteger("status")).isEqualTo(status);
      return new JsonObject(body);
    }
  }

  private Answer send(String path, @Nullable String key, Buffer body) throws Exception {
    return client
        .request(HttpMethod.POST, server.actualPort(), "127.0.0.1", path)
        .compose(
            request -> {
              if (key != null) {
                request.putHeader("Authorization", "Bearer " + key);
              }
              // The body is asked for before the event loop goes on to it.
              return request
                  .send(body)
                  .compose(
                      response ->
                          response
                              .body()
                              .map(
                                  text ->
                                      new Answer(
                                          response.statusCode(), text.toString(), response)));
            })
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void shouldPassTheTenantThePathWithoutTheKeyAndTheQuery() throws Exception {
    // When
    send("/v1/rewards?run=a%20b", KEY, Buffer.buffer());
    send("/k/%s/get_reward?run=a%%20b&step=1".formatted(KEY), null, Buffer.buffer("{}"));
    send("/q/health/ready", null, Buffer.buffer());

    // Then
    assertThat(seen)
        .containsExactly(
            "one /v1/rewards run=a b", "one /get_reward run=a b", "open /q/health/ready run=null");
    assertThat(logged)
        .isNotEmpty()
        .allSatisfy(uri -> assertThat(uri).doesNotContain("/k/").doesNotContain(KEY));
  }

  @Test
  void shouldAnswerAProblemWithoutAKeyAndReadTheBody() throws Exception {
    // When
    Answer none = send("/v1/rewards", null, Buffer.buffer(new byte[8 << 20]));
    Answer wrong = send("/k/" + KEY + "x/v1/rewards", null, Buffer.buffer("{}"));

    // Then
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.problem().getString("detail")).contains("Bearer KEY");
    assertThat(none.response().getHeader("WWW-Authenticate")).isEqualTo("Bearer realm=\"urteil\"");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.body()).doesNotContain(KEY);
    assertThat(wrong.response().getHeader("WWW-Authenticate")).contains("invalid_token");
    assertThat(seen).isEmpty();
  }

  /** Mistakes of clients, each with a key. */
  @Test
  void shouldShowNoKeyInAnyUrlThatIsSent() throws Exception {
    List<String> pieces =
        List.of(
            "/k/",
            KEY,
            "/",
            "/v1/rewards",
            "..",
            "/../",
            "%2e%2e",
            "%2F",
            "%zz",
            "%",
            "//",
            "/K/",
            "/%6b/",
            ";",
            "?",
            "?run=",
            "?a=%zz&b=",
            "&",
            "#",
            "k",
            "=",
            "%" + KEY);
    Random random = new Random(14);
    for (int i = 0; i < 400; i++) {
      StringBuilder target = new StringBuilder(i % 3 == 0 ? "/k/" + KEY : "/");
      for (int j = random.nextInt(6); j >= 0; j--) {
        target.append(pieces.get(random.nextInt(pieces.size())));
      }
      String header = i % 2 == 0 ? "" : "Authorization: Bearer " + KEY + "\r\n";
      logged.clear();
      seen.clear();

      // When
      String answer = raw("GET " + target + " HTTP/1.1\r\nHost: h\r\n" + header);

      // Then
      assertThat(answer).as(target.toString()).startsWith("HTTP/1.1 ").doesNotContain(KEY);
      assertThat(logged).as(target.toString()).isNotEmpty().noneMatch(uri -> uri.contains(KEY));
      assertThat(seen)
          .as(target.toString())
          .noneMatch(path -> path.split(" run=")[0].contains(KEY));
    }
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
      socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void shouldRejectAnInvalidEscapeSequence() throws Exception {
    assertThat(raw("GET /k/" + KEY + "/%zz HTTP/1.1\r\nHost: h\r\n")).startsWith("HTTP/1.1 400");
    assertThat(raw("GET /k/" + KEY + "/x?a=%zz HTTP/1.1\r\nHost: h\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(seen).isEmpty();
    assertThat(logged).containsOnly("/-");
  }

  @Test
  void shouldNameTheTimeAfterWhichToRetryRoundedUp() throws Exception {
    // Given
    overload = Duration.ofMillis(1_001);

    // When
    Answer answer = send("/v1/rewards", KEY, Buffer.buffer("{}"));

    // Then
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.problem().getString("detail")).isEqualTo("1 requests");
    assertThat(answer.response().getHeader("Retry-After")).isEqualTo("2");
    assertThat(seen).isEmpty();
  }

  @Test
  void shouldReferToTheRootWithoutAKey() {
    for (String path : List.of("/v1/rewards", "/v1/judge", "/v1/groups/a", "/v1/groups/a%2Fb/c")) {
      URI request = URI.create("http://h/k/KEY" + path);
      String reference = ServedGateway.relativeRoot(path) + "groups/a%3Ab?run=r";
      assertThat(reference).doesNotContain("KEY");
      assertThat(request.resolve(reference))
          .isEqualTo(URI.create("http://h/k/KEY/v1/groups/a%3Ab?run=r"));
    }
  }
}
