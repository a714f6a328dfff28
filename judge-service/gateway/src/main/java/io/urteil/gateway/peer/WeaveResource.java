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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A remote scorer of W&amp;B Weave. Any status but 200 records no feedback: a failed verdict is
 * 422, and an open one 503 before the scorer's 30 s are over.
 */
@Path("/weave/score")
@Tag(name = "Contracts of platforms")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class WeaveResource {

  static final String PATH = "/weave/score";
  private static final Duration HOLD = Duration.ofSeconds(25);

  /** The score of a traced call or of a turn of an agent. */
  @POST
  @Blocking
  @Operation(summary = "W&B Weave: endpoint of a remote scorer")
  public CompletionStage<Response> score(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    int version = body.path("schema_version").asInt();
    if (version != 1 && version != 2) {
      throw PeerBody.invalid("schema_version", body.path("schema_version"), "1 or 2");
    }
    return PeerGroups.alone(
        PATH,
        parameters.call(),
        List.of(version == 1 ? call(body) : turn(body)),
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored -> scored(version, scored.reward());
              case Reply.Unscored unscored ->
                  PeerErrors.problem(PeerErrors.UNPROCESSABLE, unscored);
            });
  }

  private static PeerGroup call(JsonNode body) {
    JsonNode call = body.path("original_call");
    return of(call.path("inputs"), call.path("output"), "original_call");
  }

  private static PeerGroup turn(JsonNode body) {
    JsonNode target = body.path("scoring_target");
    JsonNode payload = target.path("payload");
    if (!target.path("type").asText().equals("agent_turn")) {
      return of(payload.path("inputs"), payload.path("output"), "scoring_target.payload");
    }
    List<SubmittedMessage> messages =
        PeerBody.prompt(payload.path("messages"), "scoring_target.payload.messages");
    if (messages.isEmpty() || !messages.getLast().role().equals("assistant")) {
      throw PeerBody.invalid(
          "scoring_target.payload.messages", null, "a last message of role assistant");
    }
    return PeerGroup.alone(
        messages.subList(0, messages.size() - 1), messages.getLast().content(), null);
  }

  private static PeerGroup of(JsonNode inputs, JsonNode output, String place) {
    String answer = PeerBody.label(output);
    if (answer == null) {
      throw PeerBody.invalid(place + ".output", output, "the output to judge");
    }
    JsonNode messages = inputs.path("messages");
    String prompt = PeerBody.label(inputs);
    return PeerGroup.alone(
        messages.isArray()
            ? PeerBody.prompt(messages, place + ".inputs.messages")
            : prompt == null ? List.of() : List.of(new SubmittedMessage("user", prompt)),
        answer,
        null);
  }

  private static Response scored(int version, double reward) {
    if (!(reward >= 0 && reward <= 1)) {
      return PeerErrors.problem(
          PeerErrors.UNPROCESSABLE,
          new Reply.Failed(
              "reward: %s (expected: from 0 to 1, the range of a rating in Weave)"
                  .formatted(reward)));
    }
    return Response.ok(Map.of("schema_version", version, "result", Map.of("value", reward)))
        .build();
  }
}
