package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
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
 * slime's remote reward model. Its client waits for 120 s, tries ten times with a growing pause,
 * and cannot express a reward that does not exist: a failed verdict is 502, so that it raises.
 */
@Path("/remote_rm")
@Tag(name = "Contracts of trainers")
@Produces(MediaType.APPLICATION_JSON)
public final class SlimeResource {

  static final String PATH = "/remote_rm";
  private static final Duration HOLD = Duration.ofSeconds(110);

  /**
   * The reward of one sample.
   *
   * @param key the field of the reward, as in {@code --reward-key}; null for a plain number
   */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  @Operation(summary = "slime: --rm-type remote_rm --rm-url http://HOST/remote_rm?run=RUN")
  public CompletionStage<Response> reward(
      @BeanParam PeerCall.Parameters parameters,
      @QueryParam("key") @Nullable String key,
      @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    PeerGroup sample =
        PeerGroup.alone(
            PeerBody.prompt(body.path("prompt"), "prompt"),
            EndTokens.removed(PeerBody.text(body, "response")),
            PeerBody.label(body.path("label")));
    return PeerGroups.samples(
        PATH, parameters.call(), List.of(sample), HOLD, reply -> response(reply, key));
  }

  private static Response response(Reply reply, @Nullable String key) {
    return switch (reply) {
      case Reply.Scored scored when key == null ->
          Response.ok(Double.toString(scored.reward()), MediaType.APPLICATION_JSON).build();
      case Reply.Scored scored -> Response.ok(Map.of(key, scored.reward())).build();
      case Reply.Unscored unscored -> PeerErrors.problem(PeerErrors.BAD_GATEWAY, unscored);
    };
  }
}
