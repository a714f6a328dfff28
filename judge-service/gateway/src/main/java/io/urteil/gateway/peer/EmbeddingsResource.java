package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A run as a scalar reward model of SGLang; see {@link ScoringResource}. */
@Path("/v1/embeddings")
@Tag(name = "Contracts of trainers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class EmbeddingsResource {

  /** The reward of each text as an embedding of one dimension. */
  @POST
  @Blocking
  @Operation(summary = "SGLang reward models: verl with reward_model.rollout.name sglang")
  public CompletionStage<Response> embeddings(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    return ScoringResource.scored(
        "/v1/embeddings",
        parameters,
        request,
        ScoringResource.inputs(request),
        (index, reward) ->
            Map.of("index", index, "object", "embedding", "embedding", List.of(reward)));
  }
}
