package io.urteil.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that says what a test scripts, request by request. */
final class StubServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the server answers to its n-th request, from 0. */
  interface Script {
    Reply reply(int number, JsonNode body) throws InterruptedException;
  }

  record Reply(int status, Map<String, String> headers, String body) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body);
    }

    /** A chat answer with log-probabilities. */
    static Reply says(String text) {
      return of(
          200,
          """
          {"model": "m-1", "choices": [{"message": {"content": %s}, "finish_reason": "stop",
           "logprobs": {"content": [{"token": "A", "logprob": -0.5, "top_logprobs":
             [{"token": "A", "logprob": -0.5}, {"token": " A", "logprob": -2.0},
              {"token": "B", "logprob": -1.5}]}]}}],
           "usage": {"prompt_tokens": 7, "completion_tokens": 1}}
          """
              .formatted(quoted(text)));
    }
  }

  final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  final List<String> paths = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final AtomicInteger atOnce = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicInteger number = new AtomicInteger();
  private final HttpServer server;
  private final Script script;

  StubServer(Script script) throws IOException {
    this.script = script;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      bodies.add(body);
      paths.add(exchange.getRequestURI().getPath());
      authorizations.add("" + exchange.getRequestHeaders().getFirst("Authorization"));
      Reply reply = script.reply(number.getAndIncrement(), body);
      reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      atOnce.decrementAndGet();
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
