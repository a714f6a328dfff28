package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.Blocking;
import io.urteil.gateway.SubmittedMessage;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A resources server of NeMo Gym. The members of a group that have an identity ({@code
 * _ng_group_id}, {@code _ng_rollout_index}) are judged together when all have arrived, or at the
 * group's deadline. A failed verdict is marked as such and masked: {@code /verify} has to answer
 * with a number, which is 0.
 */
@Path("/")
@Tag(name = "Contracts of trainers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class NemoGymResource {

  static final String VERIFY = "/verify";
  private static final Duration HOLD = Duration.ofMinutes(60);
  private static final List<String> REFERENCES =
      List.of("expected_answer", "reference", "label", "answer");

  /**
   * The reward of one rollout.
   *
   * @param size members of a group; null for rollouts without an identity
   */
  @POST
  @Path("/verify")
  @Blocking
  @Operation(summary = "NeMo Gym: verify one rollout; ?size=N for groups of N")
  public CompletionStage<Response> verify(
      @BeanParam PeerCall.Parameters parameters,
      @QueryParam("size") @Nullable Integer size,
      @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    List<SubmittedMessage> prompt =
        PeerBody.prompt(body.path("responses_create_params").path("input"), "input");
    String completion = output(body.path("response"), "response");
    String reference = reference(body);
    JsonNode group = body.path("_ng_group_id");
    if (size == null || group.isMissingNode() || group.isNull()) {
      return PeerGroups.samples(
          VERIFY,
          parameters.call(),
          List.of(PeerGroup.alone(prompt, completion, reference)),
          HOLD,
          reply -> verified(body, reply));
    }
    JsonNode index = body.path("_ng_rollout_index");
    if (!index.canConvertToInt() || index.intValue() < 0 || index.intValue() >= size) {
      throw PeerBody.invalid("_ng_rollout_index", index, "0 to %d".formatted(size - 1));
    }
    PeerGroup member =
        new PeerGroup(
            "verify/%s/%d".formatted(group.asText(), body.path("_ng_group_attempt").asInt(0)),
            prompt,
            List.of(completion),
            List.of(index.intValue()),
            size,
            reference);
    return PeerGroups.together(
        VERIFY, parameters.call(), member, HOLD, reply -> verified(body, reply));
  }

  /** Rewards of all responses to a conversation. */
  @POST
  @Path("/compare")
  @Blocking
  @Operation(summary = "NeMo Gym: compare the responses to one conversation")
  public CompletionStage<Response> compare(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    List<String> completions = new ArrayList<>();
    for (JsonNode response : body.path("response_objs")) {
      completions.add(output(response, "response_objs[%d]".formatted(completions.size())));
    }
    if (completions.isEmpty()) {
      throw PeerBody.invalid("response_objs", body.path("response_objs"), "at least one response");
    }
    PeerGroup group =
        PeerGroup.whole(
            PeerBody.prompt(body.path("conversation_history"), "conversation_history"),
            completions);
    return PeerGroups.together(
        "/compare",
        parameters.call(),
        group,
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored ->
                  Response.ok(
                          Map.of(
                              "rewards", scored.rewards(),
                              "comparison_results", List.of(),
                              "metrics", Map.of("judged", scored.rewards().size())))
                      .build();
              case Reply.Unscored unscored ->
                  PeerErrors.problem(PeerErrors.UNPROCESSABLE, unscored);
            });
  }

  /** Stored rollouts can be verified again: a verification needs no session. */
  @GET
  @Path("/reverify_mode")
  @Operation(summary = "NeMo Gym: whether stored rollouts can be verified again")
  public Map<String, String> reverifyMode() {
    return Map.of("mode", "stateless");
  }

  private static Response verified(JsonNode body, Reply reply) {
    ObjectNode answer = ((ObjectNode) body).deepCopy();
    return switch (reply) {
      case Reply.Scored scored -> Response.ok(answer.put("reward", scored.reward())).build();
      case Reply.Failed(String reason) -> {
        answer
            .put("reward", 0.0)
            .put("_ng_failure_class", "judge_failed")
            .put("_ng_failure_judge_error", reason);
        ObjectNode config =
            answer.path("instance_config") instanceof ObjectNode there
                ? there
                : answer.putObject("instance_config");
        config.put("mask_sample", true);
        yield Response.ok(answer).build();
      }
      case Reply.Unscored unscored -> PeerErrors.problem(PeerErrors.UNPROCESSABLE, unscored);
    };
  }

  private static @Nullable String reference(JsonNode body) {
    for (JsonNode place : List.of(body, body.path("verifier_metadata"))) {
      for (String name : REFERENCES) {
        String reference = PeerBody.label(place.path(name));
        if (reference != null) {
          return reference;
        }
      }
    }
    return null;
  }

  /** The text of a Responses object: that of its last message. */
  private static String output(JsonNode response, String place) {
    String text = null;
    for (JsonNode item : response.path("output")) {
      if (item.path("type").asText("message").equals("message")) {
        text = PeerBody.content(item, place + ".output");
      }
    }
    if (text == null) {
      throw PeerBody.invalid(place + ".output", response.path("output"), "a message with text");
    }
    return text;
  }
}
