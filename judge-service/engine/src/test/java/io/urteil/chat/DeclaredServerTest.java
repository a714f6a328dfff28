package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.chat.RemoteServer.AssistantPrefix;
import io.urteil.chat.RemoteServer.Body;
import io.urteil.chat.RemoteServer.LogProbabilities;
import io.urteil.chat.StubServer.Reply;
import io.urteil.engine.EngineException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the declaration of a server changes in requests, errors and the choice of a URL. */
class DeclaredServerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ChatSampling SAMPLING = new ChatSampling(0.7, 0.9, 5, 100, List.of(), 3);
  private static final URI REFUSING = URI.create("http://127.0.0.1:1/v1");

  @Test
  void shouldSendHeadersAndBodyOfTheDeclaration() throws Exception {
    // Given
    try (StubServer stub = new StubServer((number, body) -> Reply.says("x"));
        RemoteChatModel model =
            model(
                RemoteServer.at(stub.url(), "m")
                    .withHeaders(Map.of("Authorization", Secret.of("Basic abc")))
                    .withBody(
                        body(
                            LogProbabilities.NEVER,
                            false,
                            "{\"max_completion_tokens\": 9, \"max_tokens\": 7}")))) {

      // When
      model.complete(request()).join();

      // Then
      JsonNode sent = stub.bodies.getFirst();
      assertThat(sent.has("temperature") || sent.has("top_p") || sent.has("top_k")).isFalse();
      assertThat(sent.has("logprobs") || sent.has("seed")).isFalse();
      assertThat(sent.path("max_completion_tokens").asInt()).isEqualTo(9);
      assertThat(sent.path("max_tokens").asInt()).isEqualTo(7);
      assertThat(stub.authorizations).containsOnly("Basic abc");
    }
  }

  @Test
  void shouldRefuseToReadProbabilitiesFromAServerThatIsNeverAskedForThem() throws Exception {
    // Given
    String answer = "{\"choices\": [{\"message\": {\"content\": \"A\"}}]}";
    try (StubServer stub = new StubServer((number, body) -> Reply.of(200, answer));
        RemoteChatModel model =
            model(
                RemoteServer.at(stub.url(), "m")
                    .withBody(body(LogProbabilities.NEVER, true, "{}")))) {

      // When / Then
      assertThatThrownBy(() -> model.nextTokens(request(), List.of("A", "B")).join())
          .hasCauseInstanceOf(RefusedRequestException.class)
          .hasMessageContaining("logProbabilities: never");
    }
  }

  @Test
  void shouldBalanceRequestsAndSkipAUrlThatRefuses() throws Exception {
    // Given
    try (StubServer one = new StubServer((number, body) -> Reply.says("x"));
        StubServer two = new StubServer((number, body) -> Reply.says("x"));
        RemoteChatModel model =
            model(
                RemoteServer.at(one.url(), "m")
                    .withUrls(List.of(REFUSING, one.url(), two.url()))
                    .withRetries(1, Duration.ofMillis(1), Duration.ofSeconds(1), seconds(10)))) {

      // When
      for (int i = 0; i < 20; i++) {
        model.complete(request()).join();
      }

      // Then
      assertThat(one.bodies.size() + two.bodies.size()).isEqualTo(20);
      assertThat(one.bodies).hasSizeBetween(8, 12);
    }
  }

  @Test
  void shouldReturnToAUrlAfterItsPauseAndUseItAtOnceWhenItIsTheOnlyOne() {
    // Given
    AtomicLong now = new AtomicLong();
    URI a = URI.create("http://a/v1");
    ServerEndpoints endpoints =
        new ServerEndpoints(List.of(a, URI.create("http://b/v1")), now::get);
    ServerEndpoints.Endpoint first = endpoints.take(Set.of());
    endpoints.failed(first);

    // When / Then
    for (int i = 0; i < 5; i++) {
      ServerEndpoints.Endpoint other = endpoints.take(Set.of());
      assertThat(other).isNotSameAs(first);
      endpoints.answered(other);
    }
    assertThat(endpoints.take(Set.of(endpoints.take(Set.of())))).isSameAs(first);

    // When
    endpoints.failed(first);
    now.addAndGet(Duration.ofSeconds(31).toNanos());

    // Then
    assertThat(endpoints.take(Set.of())).isSameAs(first);
  }

  @Test
  void shouldUseTheOtherUrlAfterAnErrorOfTheFirst() throws Exception {
    // Given
    AtomicInteger failures = new AtomicInteger();
    try (StubServer bad =
            new StubServer(
                (number, body) -> {
                  failures.incrementAndGet();
                  return Reply.of(503, "restarting");
                });
        StubServer good = new StubServer((number, body) -> Reply.says("x"));
        RemoteChatModel model =
            model(RemoteServer.at(bad.url(), "m").withUrls(List.of(bad.url(), good.url())))) {

      // When
      for (int i = 0; i < 10; i++) {
        assertThat(model.complete(request()).join().samples().getFirst().text()).isEqualTo("x");
      }

      // Then
      assertThat(failures.get()).isBetween(1, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 500})
  void shouldShowNothingOfAnAnswerWhenTheUrlIsFromARunFile(int status) throws Exception {
    // Given
    String secret = "internal metadata: top-secret-token-123";
    try (StubServer stub = new StubServer((number, body) -> Reply.of(status, secret));
        RemoteChatModel model =
            model(
                RemoteServer.at(stub.url(), "m")
                    .withRetries(1, Duration.ofMillis(1), Duration.ofSeconds(1), seconds(10))
                    .withoutExcerpts())) {

      // When / Then
      assertThatThrownBy(() -> model.complete(request()).join())
          .satisfies(
              thrown -> {
                for (Throwable e = thrown; e != null; e = e.getCause()) {
                  assertThat(String.valueOf(e)).doesNotContain("internal", "metadata", "token-123");
                }
              });
    }
  }

  @Test
  void shouldShowABoundedCleanExcerptOfADeclaredServersAnswer() throws Exception {
    // Given
    String answer = "<html>\u001b[31m\u0000\u202e\n" + "x".repeat(5_000);
    try (StubServer stub = new StubServer((number, body) -> Reply.of(400, answer));
        RemoteChatModel model = model(RemoteServer.at(stub.url(), "m").withName("judges"))) {

      // When / Then
      assertThatThrownBy(() -> model.complete(request()).join())
          .cause()
          .satisfies(
              thrown -> {
                String message = String.valueOf(thrown.getMessage());
                assertThat(message).contains("server 'judges' (m)", "status 400", "<html> [31m");
                assertThat(message.length()).isLessThan(320);
                assertThat(message.chars().noneMatch(c -> c < ' ' || c == 0x202e)).isTrue();
                assertThat(message).doesNotContain("127.0.0.1");
              });
    }
  }

  @Test
  void shouldSayThatTheConnectionWasRefused() {
    // Given
    try (RemoteChatModel model =
        model(
            RemoteServer.at(REFUSING, "m")
                .withRetries(1, Duration.ofMillis(1), Duration.ofSeconds(1), seconds(10)))) {

      // When / Then
      assertThatThrownBy(() -> model.complete(request()).join())
          .cause()
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("failed: connection refused")
          .hasMessageNotContaining("null");
    }
  }

  /** A banner of another protocol, and a body that never ends, are failures within the limit. */
  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-secret_banner\r\n", "HTTP/1.1 200 OK\r\n\r\n{\"choices\": ["})
  void shouldFailInTimeWhenAServerIsNoneOrNeverEnds(String start) throws Exception {
    // Given
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(socket, start));
      URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
      try (RemoteChatModel model =
          model(
              RemoteServer.at(url, "m")
                  .withRetries(1, Duration.ofMillis(1), Duration.ofSeconds(1), seconds(1))
                  .withoutExcerpts())) {
        long begin = System.nanoTime();

        // When / Then
        assertThatThrownBy(() -> model.complete(request()).join())
            .cause()
            .isInstanceOf(EngineException.class)
            .hasMessageNotContaining("secret_banner");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(seconds(5));
      }
    }
  }

  private static void answer(ServerSocket server, String start) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
      while (start.startsWith("HTTP") && !server.isClosed()) {
        client.getOutputStream().write(' ');
        client.getOutputStream().flush();
        Thread.sleep(20);
      }
    } catch (IOException e) {
      // The client has closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Body body(LogProbabilities logProbabilities, boolean temperature, String extra) {
    try {
      return new Body(
          logProbabilities,
          temperature,
          AssistantPrefix.NONE,
          Set.of("seed"),
          (ObjectNode) JSON.readTree(extra));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static RemoteChatModel model(RemoteServer server) {
    return new RemoteChatModel(
        server.retries().tries() == 1
            ? server
            : server.withRetries(4, Duration.ofMillis(10), Duration.ofSeconds(1), seconds(10)));
  }

  private static ChatRequest request() {
    return new ChatRequest(
        "r",
        new RenderedPrompt(List.of(new ChatMessage("user", OriginText.template("hello"))), ""),
        1,
        SAMPLING,
        null);
  }
}
