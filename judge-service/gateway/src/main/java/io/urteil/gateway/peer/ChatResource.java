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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A run as a chat model: the conversation ends with the answer to judge, and the model writes its
 * reward. A failed verdict is 422 with the code {@code judge_failed}.
 */
@Path("/v1/chat/completions")
@Tag(name = "Contracts of OpenAI")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class ChatResource {

  static final String PATH = "/v1/chat/completions";
  private static final Duration HOLD = Duration.ofMinutes(9);

  /** The reward of the last message. */
  @POST
  @Blocking
  @Operation(
      summary = "OpenAI chat completions: model is urteil:RUN",
      description =
          "The last message is the answer of the assistant that is judged; metadata.reference is the"
              + " expected answer. The content of the response is the reward as a number.")
  public CompletionStage<Response> complete(
      @BeanParam PeerCall.Parameters parameters, @Nullable JsonNode request) {
    return PeerErrors.openAi(() -> completed(parameters.call(), request));
  }

  private static CompletionStage<Response> completed(PeerCall call, @Nullable JsonNode request) {
    JsonNode body = PeerBody.object(request);
    String model = PeerBody.text(body, "model");
    if (body.path("stream").asBoolean(false)) {
      return refusal("stream: true (expected: false; a reward is one number)");
    }
    if (body.path("n").asInt(1) != 1) {
      return refusal("n: " + body.path("n") + " (expected: 1; a reward is one number)");
    }
    return PeerGroups.alone(
        PATH,
        call.ofModel(model),
        List.of(sample(body)),
        HOLD,
        reply ->
            switch (reply) {
              case Reply.Scored scored -> response(model, scored);
              case Reply.Unscored unscored -> PeerErrors.openAi(unscored);
            });
  }

  /** The conversation before the last message, and that message. */
  static PeerGroup sample(JsonNode body) {
    JsonNode messages = body.path("messages");
    List<SubmittedMessage> all = PeerBody.prompt(messages, "messages");
    if (all.isEmpty() || !all.getLast().role().equals("assistant")) {
      throw PeerBody.invalid(
          "messages",
          messages.path(messages.size() - 1).path("role"),
          "a last message of role assistant, the answer to judge");
    }
    return PeerGroup.alone(
        all.subList(0, all.size() - 1),
        all.getLast().content(),
        PeerBody.label(body.path("metadata").path("reference")));
  }

  private static CompletionStage<Response> refusal(String message) {
    return CompletableFuture.completedFuture(
        PeerErrors.openAi(PeerErrors.UNPROCESSABLE, "invalid_request", message));
  }

  private static Response response(String model, Reply.Scored scored) {
    return Response.ok(
            Map.of(
                "id",
                "chatcmpl-" + UUID.randomUUID(),
                "object",
                "chat.completion",
                "created",
                Instant.now().getEpochSecond(),
                "model",
                model,
                "choices",
                List.of(
                    Map.of(
                        "index",
                        0,
                        "finish_reason",
                        "stop",
                        "message",
                        Map.of("role", "assistant", "content", Double.toString(scored.reward())))),
                "usage",
                Map.of("prompt_tokens", 0, "completion_tokens", 0, "total_tokens", 0)))
        .build();
  }
}
