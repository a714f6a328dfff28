package io.urteil.gateway.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.urteil.event.OutcomeMember;
import io.urteil.gateway.SubmittedMessage;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A run as a decision model with the Decisions API of OpenAI. A failed verdict is a refusal of each
 * question.
 */
@Path("/v1/decisions")
@Tag(name = "Decisions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class DecisionsResource {

  static final String PATH = "/v1/decisions";
  private static final Duration HOLD = Duration.ofMinutes(9);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The reward as the answer to each question. */
  @POST
  @Blocking
  @Operation(
      summary = "OpenAI Decisions: model is urteil:RUN",
      description =
          "input is the text to judge, or a list of messages with JSON {question, response, answer}."
              + " Questions are predicate"
              + " or score; the reward must be from 0 to 1. A failed verdict is a refusal.")
  public CompletionStage<Response> decide(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    return PeerErrors.openAi(() -> decided(parameters.call(), request));
  }

  private static CompletionStage<Response> decided(PeerCall call, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    String model = PeerBody.text(body, "model");
    List<AskedQuestion> questions = questions(body.path("questions"));
    return PeerGroups.alone(
        PATH,
        call.ofModel(model),
        List.of(sample(body.path("input"))),
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored -> scored(model, questions, scored.members().getFirst());
              case Reply.Failed failed ->
                  response(
                      model,
                      questions.stream().map(question -> answer(question, "refusal")).toList());
              case Reply.Unscored unscored -> PeerErrors.openAi(unscored);
            });
  }

  static PeerGroup sample(JsonNode input) {
    if (input.isTextual()) {
      // Never read as JSON: a policy that writes it would choose its own reference.
      return PeerGroup.alone(List.of(), input.asText(), null);
    }
    String text =
        PeerBody.prompt(input, "input").stream()
            .map(SubmittedMessage::content)
            .collect(Collectors.joining("\n\n"));
    try {
      JsonNode state = JSON.readTree(text);
      if (state.isObject() && (state.has("response") || state.has("answer"))) {
        return DecisionState.sample(state, "input");
      }
    } catch (JsonProcessingException e) {
      // A text that is not JSON is the text to judge.
    }
    return PeerGroup.alone(List.of(), text, null);
  }

  private static List<AskedQuestion> questions(JsonNode questions) {
    List<AskedQuestion> asked = new ArrayList<>();
    for (JsonNode question : questions) {
      String place = "questions[%d]".formatted(asked.size());
      JsonNode type = question.path("type");
      asked.add(
          new AskedQuestion(
              question.path("name").asText(""),
              switch (type.asText("")) {
                case "predicate" -> List.of();
                case "score" -> DecisionState.levels(question, "levels", place);
                default ->
                    throw PeerBody.invalid(
                        place + ".type",
                        type,
                        "predicate or score; a run has one reward and no choices");
              }));
    }
    if (asked.isEmpty()) {
      throw PeerBody.invalid("questions", questions, "a list of questions");
    }
    return asked;
  }

  private static Response scored(
      String model, List<AskedQuestion> questions, OutcomeMember member) {
    List<Map<String, Object>> answers = new ArrayList<>();
    for (AskedQuestion question : questions) {
      OptionalDouble value = question.value(member);
      if (value.isEmpty()) {
        return DecisionState.outOfRange(question, member);
      }
      answers.add(answer(question, value.getAsDouble()));
    }
    return response(model, answers);
  }

  private static Map<String, Object> answer(AskedQuestion question, double value) {
    if (question.levels().isEmpty()) {
      Map<String, Object> answer = answer(question, "predicate");
      answer.put("probability", value);
      return answer;
    }
    List<Map<String, Object>> probabilities = new ArrayList<>();
    for (double probability : question.probabilities(value)) {
      int level = probabilities.size();
      probabilities.add(
          Map.of(
              "value", level, "label", question.levels().get(level), "probability", probability));
    }
    Map<String, Object> answer = answer(question, "score");
    answer.put("score", question.level(value));
    answer.put("probabilities", probabilities);
    answer.put(
        "confidence",
        question.probabilities(value).stream().mapToDouble(p -> p).max().orElseThrow());
    return answer;
  }

  private static Map<String, Object> answer(AskedQuestion question, String type) {
    Map<String, Object> answer = new HashMap<>();
    answer.put("type", type);
    answer.put("name", question.name().isEmpty() ? null : question.name());
    return answer;
  }

  private static Response response(String model, List<Map<String, Object>> answers) {
    return Response.ok(
            Map.of(
                "model", model,
                "answers", answers,
                "usage",
                    Map.of(
                        "input_tokens", 0,
                        "input_tokens_details", Map.of("cached_tokens", 0, "cache_write_tokens", 0),
                        "output_tokens", 0,
                        "output_tokens_details", Map.of("reasoning_tokens", 0),
                        "total_tokens", 0)))
        .build();
  }
}
