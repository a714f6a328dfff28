package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.PackagedUrteil;
import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code urteil serve --keys-file} as a process, over HTTP and TLS. */
class GatewayKeysIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PORT = Ports.free();
  private static final int TLS_PORT = Ports.free();
  private static final String A = "a-key-of-tenant-a-0123456789abcdef";
  private static final String B = "a-key-of-tenant-b-0123456789abcdef";
  private static final String SLOW = "a-key-of-tenant-slow-0123456789abc";
  private static final String RARE = "a-key-of-tenant-rare-0123456789abc";
  private static final String NEW = "the-next-key-of-b-0123456789abcdef";
  private static final String PASSWORD = "changeit";
  private static final char[] PASSWORD_CHARS = PASSWORD.toCharArray();

  @TempDir private static Path directory;

  private static HttpClient http = HttpClient.newHttpClient();
  private static JavaProcess server;

  @BeforeAll
  static void start() throws Exception {
    for (String run : List.of("math", "other")) {
      Files.writeString(
          directory.resolve(run + ".yaml"),
          """
          run: %s
          group: { arms: [only], deadline: 60s, onMissing: { survivors: 1 } }
          judges: { answer: { type: answer, compare: number } }
          reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
          batch: { kind: none }
          """
              .formatted(run));
    }
    writeKeys(B);
    certificate();
    server =
        PackagedUrteil.start(
            directory,
            List.of(
                "-Dquarkus.http.access-log.enabled=true",
                "-Dquarkus.http.access-log.pattern=combined",
                "-Dquarkus.tls.key-store.pem.0.cert=tls.crt",
                "-Dquarkus.tls.key-store.pem.0.key=tls.key",
                "-Dquarkus.http.ssl-port=" + TLS_PORT),
            "serve",
            "math.yaml",
            "other.yaml",
            "--http-host",
            "0.0.0.0",
            "--http-port",
            "" + PORT,
            "--keys-file",
            "keys.yaml",
            "--data-dir",
            "data");
    server.awaitLine("gateway ready", LIMIT);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void writeKeys(String keyOfB) throws IOException {
    Files.writeString(
        directory.resolve("keys.yaml"),
        """
        tenants:
          a: { keys: [ %s ] }
          b: { keys: [ %s ], runs: [ "ma*" ] }
          slow: { keys: [ %s ], limits: { membersPerSecond: 1, burstSeconds: 200 } }
          rare: { keys: [ %s ], limits: { requestsPerSecond: 1, burstSeconds: 4 } }
        """
            .formatted(A, keyOfB, SLOW, RARE));
  }

  /** A certificate for this machine, as PEM files and as a client that trusts it. */
  private static void certificate() throws Exception {
    Path store = directory.resolve("tls.p12");
    Process keytool =
        new ProcessBuilder(
                Stream.of(
                        "%s/bin/keytool -genkeypair -alias tls -keyalg EC -dname CN=localhost -ext"
                            + " san=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -storepass %s -keystore %s")
                    .map(text -> text.formatted(System.getProperty("java.home"), PASSWORD, store))
                    .flatMap(text -> Stream.of(text.split(" ", -1)))
                    .toList())
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor()).as(new String(keytool.getInputStream().readAllBytes())).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD_CHARS);
    Certificate certificate = keys.getCertificate("tls");
    pem("tls.crt", "CERTIFICATE", certificate.getEncoded());
    pem("tls.key", "PRIVATE KEY", keys.getKey("tls", PASSWORD_CHARS).getEncoded());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("tls", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(context).build();
  }

  private static void pem(String file, String type, byte[] bytes) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type));
  }

  @Test
  void shouldAnswerOnlyWithAKey() throws Exception {
    assertThat(get("/q/health/ready", null).statusCode()).isEqualTo(200);
    assertThat(get("/q/openapi", null).statusCode()).isEqualTo(200);
    assertThat(get("/v1/runs", A).statusCode()).isEqualTo(200);
    for (String path :
        List.of("/v1/runs", "/q/metrics", "/ping", "/", "/nothing", "/q/health/../metrics")) {
      HttpResponse<String> none = get(path, null);
      assertThat(none.statusCode()).as(path).isEqualTo(401);
      assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"urteil\"");
      assertThat(JSON.readTree(none.body()).path("status").asInt()).isEqualTo(401);
      assertThat(get(path, A + "x").statusCode()).as(path).isEqualTo(401);
    }
    assertThat(get("/q/metrics", A).body()).contains("jvm_memory_used_bytes");
    assertThat(get("/q/metrics", B).statusCode()).isEqualTo(403);
    assertThat(get("/nothing", A).statusCode()).isEqualTo(404);
  }

  @Test
  void shouldKeepTheGroupsAndRunsOfTenantsApart() throws Exception {
    // When
    HttpResponse<String> ofA = post("/v1/rewards", A, group("math", "same", "42"), "wait=60");
    HttpResponse<String> ofB = post("/v1/rewards", B, group("math", "same", "41"), "wait=60");
    post("/v1/rewards", A, group("math", "only-a/1", "42"), "wait=60");

    // Then
    assertThat(reward(ofA)).as(ofA.body()).isEqualTo(1.0);
    assertThat(reward(ofB)).as(ofB.body()).isEqualTo(0.0);
    for (HttpResponse<String> each : List.of(ofA, ofB)) {
      assertThat(JSON.readTree(each.body()).at("/groups/0/id").asText()).isEqualTo("same");
    }
    assertThat(JSON.readTree(get("/v1/groups/only-a/1", A).body()).path("id").asText())
        .isEqualTo("only-a/1");
    assertThat(get("/v1/groups/only-a/1", B).statusCode()).isEqualTo(404);
    assertThat(get("/v1/groups/a/only-a/1", B).statusCode()).isEqualTo(404);
    assertThat(get("/v1/groups/a/only-a/1", A).statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(get("/v1/runs", B).body())).hasSize(1);
    assertThat(JSON.readTree(get("/list_environments", A).body())).hasSize(2);
    for (String run : List.of("other", "none")) {
      HttpResponse<String> refused = post("/v1/rewards", B, group(run, "x", "42"), "wait=1");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
      assertThat(refused.body()).contains("run: '%s'".formatted(run), "tenant 'b'");
    }
    assertThat(post("/get_reward?run=other", B, OPENRLHF, "").statusCode()).isEqualTo(403);
    assertThat(post("/get_reward", B, OPENRLHF, "").statusCode()).isEqualTo(200);
  }

  private static final String OPENRLHF =
      "{\"query\": [\"6 times 7? 42\"], \"prompts\": [\"6 times 7? \"], \"labels\": [\"42\"]}";

  @Test
  void shouldServeClientsThatHaveTheKeyInTheirUrl() throws Exception {
    // When
    HttpResponse<String> reward =
        post("/k/" + A + "/get_reward?run=math&step=1", null, OPENRLHF, "");
    HttpResponse<String> accepted =
        post("/k/" + A + "/v1/rewards", null, group("math", "in the/path", "42"), "wait=0");

    // Then
    assertThat(reward.statusCode()).as(reward.body()).isEqualTo(200);
    assertThat(JSON.readTree(reward.body()).at("/rewards/0").asDouble()).isEqualTo(1.0);
    String location =
        accepted.headers().firstValue("Location").orElse("groups/in%20the%2Fpath?run=math");
    assertThat(location).isEqualTo("groups/in%20the%2Fpath?run=math");
    URI resolved = accepted.uri().resolve(location);
    HttpResponse<String> closed =
        http.send(HttpRequest.newBuilder(resolved).build(), BodyHandlers.ofString());
    assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
    assertThat(JSON.readTree(closed.body()).at("/members/0/reward").asDouble()).isEqualTo(1.0);
    HttpResponse<String> stream =
        http.send(
            HttpRequest.newBuilder(resolved).header("Accept", "text/event-stream").build(),
            BodyHandlers.ofString());
    assertThat(stream.body()).contains("event:closed").contains("\"id\":\"in the/path\"");
    assertThat(get("/k/" + A + "/q/metrics", null).statusCode()).isEqualTo(404);
  }

  /** A slow machine does not change it: 150 members are a rate of 150 s. */
  @Test
  void shouldSayWhenToRetryWhatIsTooMuch() throws Exception {
    // When
    HttpResponse<String> tooLarge =
        post("/v1/rewards", SLOW, group("math", "large", texts(201)), "wait=0");
    HttpResponse<String> fits =
        post("/v1/rewards", SLOW, group("math", "fits", texts(150)), "wait=0");
    HttpResponse<String> tooMuch =
        post("/v1/rewards", SLOW, group("math", "more", texts(199)), "wait=0");
    HttpResponse<String> again =
        post("/v1/rewards", SLOW, group("math", "fits", texts(150)), "wait=0");

    // Then
    assertThat(tooLarge.statusCode()).as(tooLarge.body()).isEqualTo(413);
    assertThat(fits.statusCode()).as(fits.body()).isIn(200, 202);
    assertThat(tooMuch.statusCode()).as(tooMuch.body()).isEqualTo(429);
    assertThat(tooMuch.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 150L);
    assertThat(get("/v1/groups/more", SLOW).statusCode()).as("not published").isEqualTo(404);
    assertThat(again.statusCode()).as("repeated").isIn(200, 202);
  }

  @Test
  void shouldLimitTheRateOfRequests() {
    // When
    HttpResponse<String> response = get("/v1/runs", RARE);
    for (int i = 0; i < 200 && response.statusCode() == 200; i++) {
      response = get("/v1/runs", RARE);
    }

    // Then
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
  }

  private static String[] texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "It is " + i).toArray(String[]::new);
  }

  @Test
  void shouldSpeakTls() throws Exception {
    HttpResponse<String> runs =
        http.send(
            HttpRequest.newBuilder(URI.create("https://localhost:%d/v1/runs".formatted(TLS_PORT)))
                .header("Authorization", "Bearer " + A)
                .build(),
            BodyHandlers.ofString());
    assertThat(runs.statusCode()).isEqualTo(200);
    assertThat(runs.sslSession()).isPresent();
  }

  @Test
  void shouldTakeANewKeyWithoutARestartAndLogNoKey() throws Exception {
    // Given
    get("/k/" + A + "/v1/groups/none?run=math", null);
    get("/k/" + A + "x/v1/groups/none", null);
    get("/v1/runs?key=none", "wrong " + A);
    post("/k/" + A + "/v1/rewards", null, "{", "");

    // When
    writeKeys(NEW);

    // Then
    await().atMost(LIMIT).until(() -> get("/v1/runs", NEW).statusCode() == 200);
    assertThat(get("/v1/runs", B).statusCode()).isEqualTo(401);
    Files.writeString(
        directory.resolve("keys.yaml"), "tenants: { a: { keys: [ '%s' ] }".formatted(A));
    Path log = directory.resolve("data/urteil.log");
    await()
        .atMost(LIMIT)
        .until(
            () ->
                get("/v1/runs", NEW).statusCode() == 200
                    && Files.readString(log).contains("keys not read; those of before remain"));
    writeKeys(B);
    await().atMost(LIMIT).until(() -> get("/v1/runs", B).statusCode() == 200);
    String logged = Files.readString(log) + server.output();
    assertThat(logged).contains("\"GET /v1/groups/none", "POST /v1/rewards");
    for (String key : List.of(A, B, NEW, SLOW, RARE)) {
      assertThat(logged).doesNotContain(key);
    }
  }

  private static HttpResponse<String> get(String path, @Nullable String key) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(PORT, path)));
      if (key != null) {
        request.header("Authorization", "Bearer " + key);
      }
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(path, e);
    }
  }

  private static HttpResponse<String> post(
      String path, @Nullable String key, String body, String prefer) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(PORT, path)))
            .header("Content-Type", "application/json")
            .header("Prefer", prefer)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static double reward(HttpResponse<String> response) throws IOException {
    JsonNode group = JSON.readTree(response.body()).at("/groups/0");
    return group.at("/members/0/reward").asDouble(-1);
  }

  private static String group(String run, String id, String... texts) {
    String members =
        String.join(",", Stream.of(texts).map("{\"text\":\"%s\"}"::formatted).toList());
    return """
        {"run": "%s", "groups": [{"id": "%s", "prompt": "6 times 7?", "reference": "42", "members": [%s]}]}
        """
        .formatted(run, id, members);
  }
}
