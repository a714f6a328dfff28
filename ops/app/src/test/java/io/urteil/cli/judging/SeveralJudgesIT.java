package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.urteil.cli.UrteilCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Judges of a model with a known position bias: it finds a good answer beside a bad one in either
 * order, prefers the first of two others, and writes nothing readable if the answer {@code odd-2}
 * is first.
 */
class SeveralJudgesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAIRS =
      """
      {"id": "1", "question": "q", "answers": ["good-1", "bad-1"], "preferred": "A"}
      {"id": "2", "question": "q", "answers": ["bad-2", "good-2"], "preferred": "B"}
      {"id": "3", "question": "q", "answers": ["some-1", "some-2"], "preferred": "A"}
      {"id": "4", "question": "q", "answers": ["some-3", "some-4"], "preferred": "B"}
      {"id": "5", "question": "q", "answers": ["odd-1", "odd-2"], "preferred": "A"}
      """;

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final AtomicInteger requests = new AtomicInteger();
  private final Path directory;
  private final HttpServer server;

  SeveralJudgesIT(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() throws IOException {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    String asked =
        "type: tournament, server: { url: 'http://127.0.0.1:%d/v1', model: m }, prompt: pairwise-with-tie"
            .formatted(server.getAddress().getPort());
    Files.writeString(directory.resolve("pairs.jsonl"), PAIRS);
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        run: biased
        judges:
          each-order: { %s, orders: given }
          own-orders: { %s, orders: both }
        reward: { rule: scalar, judge: each-order }
        batch: { kind: none }
        """
            .formatted(asked, asked));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldAskAJudgeThatPresentsBothOrdersOnceAndCountItsFlipsInEach() throws IOException {
    // When
    int status = evaluate("--judge", "own-orders", "--report", "own.json");

    // Then
    assertThat(status).as(errors.toString()).isZero();
    assertThat(requests).hasValue(10);
    JsonNode report = JSON.readTree(directory.resolve("own.json").toFile());
    assertThat(report.path("orders").asText()).isEqualTo("both");
    assertThat(report.path("accuracy").asDouble()).isEqualTo(0.8, within(1e-12));
    assertThat(report.path("flipRate").asDouble()).isEqualTo(0.6, within(1e-12));
    assertThat(report.path("positionConsistentAccuracy").asDouble()).isEqualTo(0.4, within(1e-12));
    assertThat(report.path("firstPreference").asDouble()).isEqualTo(7.0 / 9, within(1e-12));
    assertThat(report.path("ties").asDouble()).isEqualTo(0.4, within(1e-12));
    assertThat(report.path("unparseable").asDouble()).isZero();
    assertThat(report.path("rulings").asInt()).isEqualTo(10);
    assertThat(report.path("paired")).isEmpty();
  }

  @Test
  void shouldCompareJudgesOnTheSameItemsAndKeepTheirJudgements() throws IOException {
    // Given
    evaluate("--judge", "own-orders");

    // When
    int status = evaluate("--judge", "each-order", "--judge", "own-orders", "--report", "two.json");

    // Then
    assertThat(status).as(errors.toString()).isZero();
    assertThat(requests).hasValue(20);
    JsonNode report = JSON.readTree(directory.resolve("two.json").toFile());
    assertThat(report.path("alreadyJudged").asInt()).isEqualTo(5);
    assertThat(report.path("judge").isNull()).isTrue();
    assertThat(report.path("accuracy").isNull()).isTrue();
    JsonNode each = report.path("judges").path("each-order");
    JsonNode own = report.path("judges").path("own-orders");
    assertThat(each.path("accuracy").asDouble()).isEqualTo(0.7, within(1e-12));
    assertThat(own.path("accuracy").asDouble()).isEqualTo(0.8, within(1e-12));
    for (String sameOrders : List.of("flipRate", "positionConsistentAccuracy", "firstPreference")) {
      assertThat(each.path(sameOrders)).isEqualTo(own.path(sameOrders));
    }
    JsonNode pair = report.path("paired").path(0);
    assertThat(pair.path("judge").asText()).isEqualTo("own-orders");
    assertThat(pair.path("against").asText()).isEqualTo("each-order");
    assertThat(pair.path("difference").asDouble()).isEqualTo(0.1, within(1e-12));
    assertThat(pair.path("rightAlone").asInt()).isEqualTo(1);
    assertThat(pair.path("otherRightAlone").asInt()).isZero();
    assertThat(pair.path("p").isNull()).isTrue();
    assertThat(report.path("runFile").asText()).contains("each-order", "\n---\n", "own-orders");
    assertThat(output.toString()).contains("| against each-order |");
    assertThat(Files.readString(directory.resolve("two.md"))).contains("| own-orders ");
    assertThat(Files.readString(directory.resolve("two.html")))
        .contains("I cannot decide.", "own-orders: tie, credit 0.50, flipped");
  }

  @Test
  void shouldFindTheSameFiguresFromTheItemsFile() throws IOException {
    // Given
    evaluate("--judge", "each-order", "--judge", "own-orders", "--report", "two.json");

    // When
    int status =
        line(
            "evaluate",
            "pairs",
            "--data",
            directory.resolve("pairs.jsonl").toString(),
            "--recorded-verdicts",
            directory.resolve("two.items.jsonl").toString(),
            "--judge",
            "own-orders",
            "--data-dir",
            directory.resolve("data").toString(),
            "--report",
            directory.resolve("again.json").toString());

    // Then
    assertThat(status).as(errors.toString()).isZero();
    JsonNode again = JSON.readTree(directory.resolve("again.json").toFile());
    JsonNode own =
        JSON.readTree(directory.resolve("two.json").toFile()).path("judges").path("own-orders");
    for (String figure :
        List.of("accuracy", "flipRate", "positionConsistentAccuracy", "firstPreference")) {
      assertThat(again.path(figure)).as(figure).isEqualTo(own.path(figure));
    }
  }

  @Test
  void shouldRejectAJudgeThatIsGivenTwice() {
    // When
    int status = evaluate("--judge", "own-orders", "--judge", "own-orders");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .contains("--judge: 'own-orders' twice (expected: each judge once)");
  }

  private int evaluate(String... more) {
    String[] all = new String[more.length + 8];
    System.arraycopy(
        new String[] {
          "evaluate",
          "pairs",
          "--data",
          directory.resolve("pairs.jsonl").toString(),
          "--run-file",
          directory.resolve("run.yaml").toString(),
          "--data-dir",
          directory.resolve("data").toString()
        },
        0,
        all,
        0,
        8);
    for (int i = 0; i < more.length; i++) {
      all[8 + i] = more[i].endsWith(".json") ? directory.resolve(more[i]).toString() : more[i];
    }
    return line(all);
  }

  private int line(String... all) {
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String prompt = JSON.readTree(exchange.getRequestBody()).path("messages").toString();
      requests.incrementAndGet();
      byte[] bytes =
          """
          {"model": "m-1", "choices": [{"message": {"content": %s}, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 7, "completion_tokens": 1}}
          """
              .formatted(JSON.writeValueAsString(verdict(prompt)))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String verdict(String prompt) {
    if (prompt.contains("good-")) {
      return prompt.indexOf("good-") < prompt.indexOf("bad-") ? "[[A]]" : "[[B]]";
    }
    boolean oddSecondFirst =
        prompt.contains("odd-") && prompt.indexOf("odd-2") < prompt.indexOf("odd-1");
    return oddSecondFirst ? "I cannot decide." : "[[A]]";
  }
}
