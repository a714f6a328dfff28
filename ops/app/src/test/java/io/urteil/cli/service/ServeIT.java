package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.PackagedUrteil;
import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.testing.TopicEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code urteil serve} and a second gateway, as processes, over HTTP. */
class ServeIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int BROKER = Ports.free();
  private static final int FIRST = Ports.free();
  private static final int SECOND = Ports.free();
  private static final List<JavaProcess> PROCESSES = new ArrayList<>();

  @TempDir private static Path directory;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        run: numbers
        group: { arms: [only], deadline: 60s, onMissing: { survivors: 1 } }
        judges: { answer: { type: answer, compare: number } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
        """);
    Files.writeString(
        directory.resolve("together.yaml"),
        """
        run: together
        group: { samplesPerArm: 3, deadline: 60s, onMissing: drop }
        gateway: { samples: by-prompt, wait: 60s }
        judges: { most: { type: majority-answer, compare: number } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
        """);
    process("broker", "--port", "" + BROKER)
        .awaitLine("broker ready at 127.0.0.1:" + BROKER, LIMIT);
    serve();
    process(
            "up",
            "--roles",
            "gateway",
            "--bootstrap",
            "127.0.0.1:" + BROKER,
            "--http-port",
            "" + SECOND,
            "--data-dir",
            "second")
        .awaitLine("gateway ready", LIMIT);
  }

  @AfterAll
  static void stop() {
    PROCESSES.reversed().forEach(JavaProcess::close);
  }

  private static JavaProcess serve() {
    JavaProcess serving =
        process(
            "serve",
            "run.yaml",
            "together.yaml",
            "--bootstrap",
            "127.0.0.1:" + BROKER,
            "--http-port",
            "" + FIRST,
            "--data-dir",
            "first");
    serving.awaitLine("gateway ready at http://127.0.0.1:" + FIRST, LIMIT);
    return serving;
  }

  private static JavaProcess process(String... arguments) {
    JavaProcess process = PackagedUrteil.start(directory, arguments);
    PROCESSES.add(process);
    return process;
  }

  @Test
  void shouldReturnRewards() throws Exception {
    // When
    HttpResponse<String> response = post(FIRST, group("first", "42", "The answer is 42.", "41"));

    // Then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode group = JSON.readTree(response.body()).path("groups").path(0);
    assertThat(group.path("status").asText()).isEqualTo("complete");
    assertThat(group.path("members").path(0).path("reward").asDouble()).isEqualTo(1.0);
    assertThat(group.path("members").path(1).path("reward").asDouble()).isEqualTo(0.0);
    assertThat(group.path("members").path(0).path("advantage").asDouble()).isPositive();
  }

  @Test
  void shouldAnswerAtOnceWithoutAPreferenceToWaitAndLaterAtTheLocation() throws Exception {
    // When
    HttpResponse<String> accepted =
        HTTP.send(
            request(FIRST, group("a b/c", "42", "42")).header("Prefer", "wait=0").build(),
            BodyHandlers.ofString());

    // Then
    assertThat(accepted.statusCode()).as(accepted.body()).isIn(200, 202);
    URI location =
        URI.create("http://127.0.0.1:%d/v1/groups/a%%20b%%2Fc?run=numbers".formatted(SECOND));
    HttpResponse<String> closed =
        HTTP.send(HttpRequest.newBuilder(location).build(), BodyHandlers.ofString());
    assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
    assertThat(JSON.readTree(closed.body()).path("members").path(0).path("status").asText())
        .isEqualTo("scored");
  }

  @Test
  void shouldStreamTheJudgementsAndTheOutcome() throws Exception {
    // Given
    post(FIRST, group("streamed", "42", "42", "41", "40"));

    // When
    HttpResponse<String> stream =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:%d/v1/groups/streamed".formatted(FIRST)))
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofString());

    // Then
    assertThat(
            stream
                .body()
                .lines()
                .filter(line -> line.startsWith("event:"))
                .map(l -> l.substring(6).strip()))
        .containsExactly("member", "member", "member", "closed");
    List<String> ids =
        stream
            .body()
            .lines()
            .filter(line -> line.startsWith("id:"))
            .map(l -> l.substring(3).strip())
            .toList();
    HttpResponse<String> resumed =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:%d/v1/groups/streamed".formatted(FIRST)))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", ids.get(1))
                .build(),
            BodyHandlers.ofString());
    assertThat(
            resumed
                .body()
                .lines()
                .filter(line -> line.startsWith("event:"))
                .map(l -> l.substring(6).strip()))
        .containsExactly("member", "closed");
  }

  @Test
  void shouldJudgeTogetherWhatOpenRlhfSubmitsOneByOneToBothGateways() throws Exception {
    // When
    List<CompletableFuture<HttpResponse<String>>> waiting =
        List.of(sample(FIRST, "7"), sample(SECOND, "8"), sample(SECOND, "It is 7"));
    List<String> bodies = waiting.stream().map(each -> each.join().body()).toList();

    // Then
    assertThat(bodies)
        .zipSatisfy(
            List.of("1.0", "0.0", "1.0"),
            (body, reward) -> assertThat(body).contains("\"rewards\":[%s]".formatted(reward)));
    assertThat(JSON.readTree(sample(FIRST, "8").join().body()))
        .isEqualTo(JSON.readTree(bodies.get(1)));
  }

  private static CompletableFuture<HttpResponse<String>> sample(int port, String answer) {
    return HTTP.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/get_reward?run=together".formatted(port)))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"query": ["What is it? %s<eos>"], "prompts": ["What is it? "], "labels": [null]}
                    """
                        .formatted(answer)))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void shouldTellEveryErrorAsAProblem() throws Exception {
    assertProblem(post(FIRST, "{"), 422, "line 1");
    assertProblem(
        post(FIRST, "{\"run\": \"numbers\", \"groups\": [{\"promt\": 1}]}"), 422, "promt");
    assertProblem(post(FIRST, "{\"run\": \"numbers\", \"groups\": []}"), 422, "groups: 0");
    assertProblem(post(FIRST, group("x", "42")), 422, "members: empty");
    assertProblem(
        post(FIRST, group("x", "42", "1").replace("\"text\":\"1\"", "\"text\":1")), 422, "text");
    assertProblem(
        post(FIRST, group("x", "42", "1").replace("numbers", "other")), 404, "run: 'other'");
    assertProblem(post(FIRST, group("x", "42", "\\ud800")), 422, "half of a surrogate pair");
    assertProblem(post(FIRST, "[".repeat(100_000)), 422, "a list (expected: an object)");
    assertProblem(post(FIRST, "{\"groups\": " + "[".repeat(100_000)), 422, "groups[0]: a list");
    assertProblem(
        post(FIRST, "{\"groups\": [{\"columns\": {\"a\": " + "[".repeat(100_000) + "}}]}"),
        422,
        "a list (expected: a text)");
    assertProblem(
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/judge".formatted(FIRST)))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"run\": \"numbers\", \"prompt\": \"p\", \"answers\": [null]}"))
                .build(),
            BodyHandlers.ofString()),
        422,
        "answers[0]: null");
    assertProblem(
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + FIRST + "/v1/groups/none"))
                .build(),
            BodyHandlers.ofString()),
        404,
        "group: 'none'");
    post(FIRST, group("same", "42", "1"));
    assertProblem(post(SECOND, group("same", "42", "2")), 409, "another content");
  }

  @Test
  void shouldAnswerARetryElsewhereWhenTheGatewayAndAllJudgesAreKilled() throws Exception {
    // Given
    String group =
        group(
            "killed",
            "42",
            IntStream.range(0, 16).mapToObj(i -> "It is " + i).toArray(String[]::new));

    // When
    CompletableFuture<HttpResponse<String>> first =
        HTTP.sendAsync(request(FIRST, group).build(), BodyHandlers.ofString());
    Thread.sleep(20);
    PROCESSES.get(1).kill();
    CompletableFuture<HttpResponse<String>> retry =
        HTTP.sendAsync(
            request(SECOND, group).header("Prefer", "wait=100").build(), BodyHandlers.ofString());
    serve();

    // Then
    HttpResponse<String> response = retry.join();
    first.exceptionally(lost -> null).join();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).path("groups").path(0).path("members"))
        .hasSize(16)
        .allSatisfy(member -> assertThat(member.path("status").asText()).isEqualTo("scored"));
    assertThat(
            TopicEvents.read(
                    new Namespace("127.0.0.1:" + BROKER, "", directory),
                    Topic.JUDGEMENTS,
                    Judgement.class)
                .stream()
                .filter(judgement -> judgement.getGroupId().equals("killed"))
                .map(Judgement::getJudgementId)
                .distinct())
        .hasSize(16);
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("detail").asText()).contains(detail);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
  }

  private static HttpResponse<String> post(int port, String body) throws Exception {
    return HTTP.send(request(port, body).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/rewards".formatted(port)))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static String group(String id, String reference, String... texts) {
    String members =
        String.join(
            ",", java.util.Arrays.stream(texts).map("{\"text\":\"%s\"}"::formatted).toList());
    return """
        {"run": "numbers", "groups": [{"id": "%s", "prompt": "6 times 7?", "reference": "%s", "members": [%s]}]}
        """
        .formatted(id, reference, members);
  }
}
