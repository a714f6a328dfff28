package io.urteil.chat.decision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.chat.AnswerExcerpt;
import io.urteil.chat.RemoteChatModel;
import io.urteil.chat.RemoteServer;
import io.urteil.engine.EngineException;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import java.nio.charset.StandardCharsets;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;

/**
 * A decision server: one request asks all questions of a rubric, and the response is probabilities.
 * It shares the connections, limits and retries of the server's chat model. A response that does
 * not answer each question once, with probabilities, is an exception, never a number. Thread-safe.
 */
public final class RemoteDecisionModel {

  /** A response with a key twice is ambiguous. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int MAX_TOKENS = 1 << 24;

  private final RemoteChatModel server;
  private final DecisionProtocol protocol;

  /**
   * @param server that all requests are sent to; the caller closes it
   */
  public RemoteDecisionModel(RemoteChatModel server, RubricJudge.Protocol protocol) {
    this.server = server;
    this.protocol = DecisionProtocol.of(protocol);
  }

  /** The model that the requests occupy. */
  public RemoteChatModel server() {
    return server;
  }

  /**
   * Asks the questions. The future fails with {@link EngineException} after a temporary failure,
   * and with {@link io.urteil.chat.RefusedRequestException} if a retry would fail, too.
   */
  public CompletableFuture<DecisionAnswers> ask(DecisionRequest request) {
    return server.exchange(
        new RemoteChatModel.Exchange<>(
            request.id(),
            null,
            protocol.path(),
            () -> body(request),
            request.questions().size(),
            response -> read(request, response),
            () -> {
              throw new EngineException("Request '%s' is overdue".formatted(request.id()));
            }));
  }

  /**
   * The questions as a request contains them, and on a second line the weights and the values of
   * their options, which a request does not contain; in UTF-8.
   */
  public byte[] written(SequencedMap<String, RubricQuestion> questions) {
    ObjectNode asked = JSON.createObjectNode();
    protocol.writeQuestions(asked, questions);
    ObjectNode valued = JSON.createObjectNode();
    questions.forEach(
        (name, question) -> {
          ObjectNode values = valued.putObject(name).put("weight", question.weight());
          question.values().forEach(values.putObject("values")::put);
        });
    return (asked + "\n" + valued).getBytes(StandardCharsets.UTF_8);
  }

  /** The body of a request, with the keys that the declaration of the server adds and omits. */
  String body(DecisionRequest request) throws JsonProcessingException {
    RemoteServer.Body settings = server.server().body();
    ObjectNode body = JSON.createObjectNode();
    body.put("model", server.server().model());
    protocol.writeState(body, DecisionState.of(request));
    protocol.writeQuestions(body, request.questions());
    body.remove(settings.omitted());
    settings.extra().properties().forEach(extra -> body.set(extra.getKey(), extra.getValue()));
    return JSON.writeValueAsString(body);
  }

  /**
   * Parses a response.
   *
   * @throws EngineException when the response violates the protocol
   */
  DecisionAnswers read(DecisionRequest request, String json) {
    try {
      JsonNode response = JSON.readTree(json);
      // Some gateways wrap the response.
      JsonNode result = response.path("result").isObject() ? response.path("result") : response;
      JsonNode usage = result.path("usage");
      return new DecisionAnswers(
          AnswerExcerpt.cleaned(result.path("model").asText("")),
          protocol.read(result, request.questions()),
          count(usage.path("input_tokens")),
          count(usage.path("output_tokens")));
    } catch (UnreadableAnswerException e) {
      throw new EngineException(
          "response: %s"
              .formatted(AnswerExcerpt.of(server.server(), String.valueOf(e.getMessage()))),
          e);
    } catch (JsonProcessingException | StackOverflowError e) {
      throw new EngineException(
          "response: %s (expected: JSON)".formatted(AnswerExcerpt.of(server.server(), json)));
    }
  }

  private static int count(JsonNode tokens) {
    return tokens.canConvertToInt() && tokens.intValue() >= 0 && tokens.intValue() <= MAX_TOKENS
        ? tokens.intValue()
        : 0;
  }
}
