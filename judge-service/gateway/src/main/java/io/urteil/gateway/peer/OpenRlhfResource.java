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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * OpenRLHF's remote reward model. Its client waits for 180 s, tries five times, and cannot express
 * a reward that does not exist: a failed verdict is 502, so that it reports an error.
 */
@Path("/get_reward")
@Tag(name = "Contracts of trainers")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenRlhfResource {

  static final String PATH = "/get_reward";
  private static final Duration HOLD = Duration.ofSeconds(170);

  /** Rewards of texts, each prompt and response together. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Blocking
  @Operation(summary = "OpenRLHF: --reward.remote_url http://HOST/get_reward?run=RUN")
  public CompletionStage<Response> reward(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    List<String> queries = PeerBody.texts(body, "query");
    JsonNode prompts = body.path("prompts");
    JsonNode labels = body.path("labels");
    if (queries.isEmpty()) {
      return java.util.concurrent.CompletableFuture.completedFuture(rewards(List.of()));
    }
    List<PeerGroup> samples = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      String query = queries.get(i);
      String prompt = prompts.path(i).asText("");
      samples.add(sample(query, prompt, PeerBody.label(labels.path(i)), i));
    }
    return PeerGroups.samples(PATH, parameters.call(), samples, HOLD, OpenRlhfResource::response);
  }

  /** A query is the prompt, after a token that begins a text if there is one, and the response. */
  static PeerGroup sample(String query, String prompt, @Nullable String label, int index) {
    int at = query.indexOf(prompt);
    if (at < 0) {
      throw PeerBody.invalid(
          "query[%d]".formatted(index), null, "a text that contains prompts[%d]".formatted(index));
    }
    return PeerGroup.alone(
        prompt.isEmpty() ? List.of() : List.of(new SubmittedMessage("user", prompt)),
        EndTokens.removed(query.substring(at + prompt.length())),
        label);
  }

  private static Response response(Reply reply) {
    return switch (reply) {
      case Reply.Scored scored -> rewards(scored.rewards());
      case Reply.Unscored unscored -> PeerErrors.problem(PeerErrors.BAD_GATEWAY, unscored);
    };
  }

  private static Response rewards(List<Double> rewards) {
    return Response.ok(
            Map.of(
                "rewards", rewards,
                "scores", rewards,
                "extra_logs", Map.of("judged", Collections.nCopies(rewards.size(), 1))))
        .build();
  }
}
