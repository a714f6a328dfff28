package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import io.urteil.event.OutcomeMember;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A run as a decision model with System One, as the {@code DecisionJudge} of verifiers asks it. The
 * protocol has no refusal: a failed verdict is 422.
 */
@Path("/v1/systemone")
@Tag(name = "Decisions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class SystemOneResource {

  static final String PATH = "/v1/systemone";
  private static final Duration HOLD = Duration.ofMinutes(9);

  /** The reward as the answer to each question. */
  @POST
  @Blocking
  @Operation(
      summary = "System One: model is urteil:RUN",
      description =
          "state is {question, response, answer}: the answer to judge is response, and answer its"
              + " reference. Questions are noul or score; the reward must be from 0 to 1.")
  public CompletionStage<Response> decide(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    return PeerErrors.openAi(() -> decided(parameters.call(), request));
  }

  private static CompletionStage<Response> decided(PeerCall call, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    String model = PeerBody.label(body.path("model"));
    List<AskedQuestion> questions = questions(body.path("questions"));
    return PeerGroups.alone(
        PATH,
        call.ofModel(model),
        List.of(DecisionState.sample(body.path("state"), "state")),
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored -> response(model, questions, scored.members().getFirst());
              case Reply.Unscored unscored -> PeerErrors.openAi(unscored);
            });
  }

  private static List<AskedQuestion> questions(JsonNode questions) {
    if (!questions.isObject() || questions.isEmpty()) {
      throw PeerBody.invalid("questions", questions, "questions by name");
    }
    List<AskedQuestion> asked = new ArrayList<>();
    questions
        .properties()
        .forEach(
            question -> {
              String place = "questions." + question.getKey();
              JsonNode type = question.getValue().path("type");
              asked.add(
                  new AskedQuestion(
                      question.getKey(),
                      switch (type.asText("")) {
                        case "noul" -> List.of();
                        case "score" ->
                            DecisionState.levels(question.getValue(), "criteria", place);
                        default ->
                            throw PeerBody.invalid(
                                place + ".type",
                                type,
                                "noul or score; a run has one reward and no options");
                      }));
            });
    return asked;
  }

  private static Response response(
      @Nullable String model, List<AskedQuestion> questions, OutcomeMember member) {
    Map<String, Object> answers = new LinkedHashMap<>();
    for (AskedQuestion question : questions) {
      OptionalDouble value = question.value(member);
      if (value.isEmpty()) {
        return DecisionState.outOfRange(question, member);
      }
      answers.put(question.name(), answer(question, value.getAsDouble()));
    }
    return Response.ok(
            Map.of(
                "object",
                "structured_decision",
                "model",
                model == null ? "urteil" : model,
                "answers",
                answers,
                "usage",
                Map.of("input_tokens", 0, "output_tokens", 0)))
        .build();
  }

  private static Map<String, Object> answer(AskedQuestion question, double value) {
    if (question.levels().isEmpty()) {
      return Map.of("type", "noul", "noul", value);
    }
    Map<String, Double> probabilities = new LinkedHashMap<>();
    List<Double> all = question.probabilities(value);
    for (int i = 0; i < all.size(); i++) {
      probabilities.put(String.valueOf(i), all.get(i));
    }
    return Map.of(
        "type",
        "score",
        "score",
        question.level(value),
        "probabilities",
        probabilities,
        "confidence",
        all.stream().mapToDouble(p -> p).max().orElseThrow());
  }
}
