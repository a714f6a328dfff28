package io.urteil.judges.generative;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.urteil.chat.RemoteChatModel;
import io.urteil.chat.RemoteServer;
import io.urteil.chat.UnavailableServerException;
import io.urteil.chat.decision.RemoteDecisionModel;
import io.urteil.engine.EngineException;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import io.urteil.judge.api.Finding;
import io.urteil.model.file.FileHash;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RubricJudge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rubric of a run file, asked over HTTP. */
class DecisionJudgeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ANSWER =
      """
      {"answers": {"correct": {"type": "noul", "noul": 0.75},
        "help": {"type": "score", "score": 1.5, "probabilities": {"0": 0, "1": 0.5, "2": 0.5}}},
       "diagnostics": {"correct": {"label_mass": 0.5}},
       "usage": {"input_tokens": 70, "output_tokens": 2}}
      """;

  private record Reply(int status, String body) {}

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private RemoteChatModel model;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::reply);
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    model =
        new RemoteChatModel(
            RemoteServer.at(url, "decider")
                .withRetries(2, Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofSeconds(5)));
  }

  @AfterEach
  void stopServer() {
    model.close();
    server.stop(0);
  }

  @Test
  void shouldScoreByTheWeightedMeanAndKeepEachQuestionAsAVote() throws Exception {
    // Given
    replies.add(new Reply(200, ANSWER));

    // When
    Finding finding = judge("system-one", 0).judge(JudgeFixtures.rollout(3, "42"));

    // Then
    assertThat(paths).containsExactly("/v1/systemone");
    assertThat(bodies.getFirst().path("state").path("answer").asText()).isEqualTo("42");
    Finding.Scored scored = (Finding.Scored) finding;
    assertThat(scored.verdict().getScores()).hasSize(1);
    assertThat(scored.verdict().getScores().getFirst()).isCloseTo(0.75, within(1e-12));
    assertThat(scored.verdict().getProbabilities()).isEmpty();
    assertThat(scored.evidence().promptTokens()).isEqualTo(70);
    assertThat(scored.evidence().votes())
        .extracting(Vote::getJudge)
        .containsExactly("correct", "help");
    assertThat(scored.evidence().votes()).extracting(Vote::getPromptTokens).containsExactly(70, 0);
    Vote correct = scored.evidence().votes().getFirst();
    assertThat(correct.getVerdict()).isNotNull();
    assertThat(correct.getVerdict().getScores()).containsExactly(0.75);
    assertThat(correct.getVerdict().getLabel()).isEqualTo("yes");
    assertThat(correct.getVerdict().getProbabilities()).containsExactly(0.375, 0.125);
  }

  @Test
  void shouldHashTheQuestionsAsTheyAreWritten() {
    // Given
    String values =
        """
        {"correct":{"weight":3.0,"values":{"yes":1.0,"no":0.0}},\
        "help":{"weight":1.0,"values":{"useless":0.0,"partly":0.5,"fully":1.0}}}""";
    String systemOne =
        """
        {"questions":{"correct":{"type":"noul","instructions":"The answer is right."},\
        "help":{"type":"score","instructions":"Is it helpful?","criteria":["useless","partly","fully"]}}}
        """;
    String decisions =
        """
        {"questions":[{"type":"predicate","name":"correct","instructions":"The answer is right."},\
        {"type":"score","name":"help","instructions":"Is it helpful?","levels":[{"label":"useless"},\
        {"label":"partly"},{"label":"fully"}]}]}
        """;

    // Then
    assertThat(judge("system-one", 0).promptHash())
        .isEqualTo(FileHash.sha256((systemOne + values).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("2a39c9f1b27410f5e90e5a71f6180b5022dc9e694903fe42f5a595ce44ae2771");
    assertThat(judge("decisions", 0).promptHash())
        .isEqualTo(FileHash.sha256((decisions + values).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("6be09ffdf66b7e0e7e2be6226e5c54a081bff3d0ded08cf9102b6c7f89b0656c");
  }

  @Test
  void shouldAbstainWhenTheModelRefusesAQuestion() throws Exception {
    // Given
    replies.add(
        new Reply(
            200,
            """
            {"model": "m", "answers": [{"type": "refusal", "name": "correct"},
              {"type": "score", "name": "help", "score": 2, "confidence": 1, "probabilities": [
                {"value": 0, "probability": 0}, {"value": 1, "probability": 0},
                {"value": 2, "probability": 1}]}]}
            """));

    // When
    Finding finding = judge("decisions", 0).judge(JudgeFixtures.rollout(0, "42"));

    // Then
    assertThat(paths).containsExactly("/v1/decisions");
    assertThat(finding).isInstanceOf(Finding.Abstained.class);
    assertThat(((Finding.Abstained) finding).reason())
        .isEqualTo("correct: the model refused to answer");
    assertThat(finding.evidence().votes())
        .extracting(Vote::getStatus)
        .containsExactly(JudgementStatus.ABSTAINED, JudgementStatus.SCORED);
  }

  @Test
  void shouldAbstainWhenTheModelWantedToAnswerSomethingElse() throws Exception {
    // Given
    replies.add(new Reply(200, ANSWER));

    // When
    Finding finding = judge("system-one", 0.6).judge(JudgeFixtures.rollout(0, "42"));

    // Then
    assertThat(finding).isInstanceOf(Finding.Abstained.class);
    assertThat(((Finding.Abstained) finding).reason())
        .isEqualTo("correct: probability of the options: 0.5 (expected: >= 0.6)");
  }

  @Test
  void shouldFailWithTheReasonWhenTheServerRejectsTheRequest() throws Exception {
    // Given
    replies.add(new Reply(400, "{\"error\": \"no single-token labels\"}"));

    // When
    Finding finding = judge("system-one", 0).judge(JudgeFixtures.rollout(0, "42"));

    // Then
    assertThat(finding).isInstanceOf(Finding.Failed.class);
    assertThat(((Finding.Failed) finding).error())
        .contains("status 400")
        .contains("no single-token labels");
    assertThat(bodies).hasSize(1);
  }

  @Test
  void shouldRetryAfterAnOverload() throws Exception {
    // Given
    replies.add(new Reply(429, "{}"));
    replies.add(new Reply(200, ANSWER));

    // When
    Finding finding = judge("system-one", 0).judge(JudgeFixtures.rollout(0, "42"));

    // Then
    assertThat(finding).isInstanceOf(Finding.Scored.class);
    assertThat(bodies).hasSize(2);
  }

  @Test
  void shouldThrowAndNeverScoreWhatIsNoDecision() {
    // Given
    replies.add(new Reply(200, ANSWER.replace("0.75", "7.5")));
    replies.add(new Reply(200, ANSWER.replace("0.75", "7.5")));

    // When / Then
    assertThatThrownBy(() -> judge("system-one", 0).judge(JudgeFixtures.rollout(0, "42")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("correct.noul: 7.5 (expected: a number from 0 to 1)");
    assertThat(bodies).hasSize(2);
  }

  @Test
  void shouldThrowWhenTheServerIsAway() {
    // Given
    server.stop(0);

    // When / Then
    assertThatThrownBy(() -> judge("system-one", 0).judge(JudgeFixtures.rollout(0, "42")))
        .isInstanceOf(UnavailableServerException.class);
  }

  private DecisionJudge judge(String protocol, double leastMass) {
    @Nullable JudgeSection section =
        RunFileReader.read(
                "run",
                """
                    run: r
                    batch: {kind: none}
                    judges:
                      rubric:
                        type: rubric
                        server: decider
                        protocol: %s
                        leastMass: %s
                        questions:
                          correct:
                            {type: yes-no, instructions: The answer is right., weight: 3}
                          help:
                            {type: score, instructions: "Is it helpful?", levels: [useless, partly, fully]}
                    reward: {rule: scalar, unparseable: 0}
                    """
                    .formatted(protocol, leastMass))
            .judges()
            .get("rubric");
    RubricJudge rubric = (RubricJudge) requireNonNull(section);
    return new DecisionJudge(new RemoteDecisionModel(model, rubric.protocol()), rubric);
  }

  private void reply(HttpExchange exchange) throws IOException {
    try (exchange) {
      bodies.add(JSON.readTree(exchange.getRequestBody()));
      paths.add(exchange.getRequestURI().getPath());
      Reply reply = replies.isEmpty() ? new Reply(500, "{}") : replies.removeFirst();
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
