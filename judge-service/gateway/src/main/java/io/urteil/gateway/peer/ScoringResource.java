package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import io.urteil.gateway.SubmittedMessage;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A run as the scalar reward model of a vLLM or SGLang server, as verl's reward loop asks it. The
 * model is the name of the run. verl has no time limit; it retries 5xx and raises on 4xx, so a
 * failed verdict is 422.
 */
@Path("/")
@Tag(name = "Contracts of trainers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ScoringResource {

  private static final Duration HOLD = Duration.ofMinutes(10);

  /** The reward of each text as the probability of a class. */
  @POST
  @Path("/classify")
  @Blocking
  @Operation(summary = "vLLM classification: verl with reward_model.rollout.name vllm")
  public CompletionStage<Response> classify(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    return scored(
        "/classify",
        parameters,
        request,
        inputs(request),
        (index, reward) ->
            Map.of("index", index, "label", "reward", "probs", List.of(reward), "num_classes", 1));
  }

  /** The reward of each answer to a prompt. */
  @POST
  @Path("/score")
  @Blocking
  @Operation(summary = "vLLM scoring: text_1 is the prompt, text_2 the answer or answers")
  public CompletionStage<Response> score(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    boolean old = body.has("text_1");
    List<String> prompts = PeerBody.texts(body, old ? "text_1" : "queries");
    List<String> answers = PeerBody.texts(body, old ? "text_2" : "documents");
    if (prompts.isEmpty() || (prompts.size() != 1 && prompts.size() != answers.size())) {
      throw PeerBody.invalid(
          old ? "text_1" : "queries", null, "one text, or as many as there are answers");
    }
    List<PeerGroup> samples = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      String prompt = prompts.get(prompts.size() == 1 ? 0 : i);
      samples.add(
          PeerGroup.alone(
              List.of(new SubmittedMessage("user", prompt)),
              EndTokens.removed(answers.get(i)),
              null));
    }
    return scored(
        "/score",
        parameters,
        request,
        samples,
        (index, reward) -> Map.of("index", index, "object", "score", "score", reward));
  }

  /** The texts of a request, or its conversation. */
  static List<PeerGroup> inputs(@Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    if (body.has("messages")) {
      return List.of(ChatResource.sample(body));
    }
    return PeerBody.texts(body, "input").stream()
        .map(text -> PeerGroup.alone(List.of(), EndTokens.removed(text), null))
        .toList();
  }

  /** A list with an item for each reward. */
  static CompletionStage<Response> scored(
      String path,
      PeerCall.Parameters parameters,
      @Nullable JsonNode request,
      List<PeerGroup> samples,
      BiFunction<Integer, Double, Map<String, Object>> item) {
    String model = PeerBody.label(PeerBody.object(request).path("model"));
    if (samples.isEmpty()) {
      throw PeerBody.invalid("input", null, "at least one text");
    }
    return PeerGroups.samples(
        path,
        parameters.call().ofModel(model),
        samples,
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored -> response(model, scored, item);
              case Reply.Unscored unscored ->
                  PeerErrors.problem(PeerErrors.UNPROCESSABLE, unscored);
            });
  }

  private static Response response(
      @Nullable String model,
      Reply.Scored scored,
      BiFunction<Integer, Double, Map<String, Object>> item) {
    List<Map<String, Object>> data = new ArrayList<>();
    for (double reward : scored.rewards()) {
      data.add(item.apply(data.size(), reward));
    }
    return Response.ok(
            Map.of(
                "object",
                "list",
                "created",
                Instant.now().getEpochSecond(),
                "model",
                model == null ? "urteil" : model,
                "data",
                data,
                "usage",
                Map.of("prompt_tokens", 0, "total_tokens", 0, "completion_tokens", 0)))
        .build();
  }
}
