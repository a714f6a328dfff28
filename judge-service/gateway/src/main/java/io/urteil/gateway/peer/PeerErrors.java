package io.urteil.gateway.peer;

import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Errors of the contracts of others: none of them has a body with a number. */
final class PeerErrors {

  /** Clients that retry 5xx, and fail loudly at the end. */
  static final int BAD_GATEWAY = 502;

  /** Clients that fail at once on 4xx. */
  static final int UNPROCESSABLE = 422;

  private static final String FAILED = "judge failed";

  private PeerErrors() {}

  /**
   * No rewards, as a problem.
   *
   * @param failedStatus of a verdict that failed for good
   */
  static Response problem(int failedStatus, Reply.Unscored reply) {
    return switch (reply) {
      case Reply.Failed(String reason) -> Problem.response(FAILED, failedStatus, reason).build();
      case Reply.Pending pending -> pending();
      case Reply.Refused(Refusal refusal) -> Problem.of(refusal);
    };
  }

  /** A verdict that takes longer than the client waits. */
  private static Response pending() {
    return Problem.response(
            "not judged yet", 503, "the group is open; repeat the request, which is judged once")
        .header(HttpHeaders.RETRY_AFTER, 1)
        .build();
  }

  /** A failure as the clients of OpenAI read it. */
  static Response openAi(Reply.Unscored reply) {
    return switch (reply) {
      case Reply.Failed(String reason) -> openAi(UNPROCESSABLE, "judge_failed", reason);
      case Reply.Pending pending ->
          openAi(Response.fromResponse(pending()), 503, "not_judged_yet", "the group is open");
      case Reply.Refused(Refusal refusal) -> {
        Response problem = Problem.of(refusal);
        yield openAi(
            Response.fromResponse(problem),
            problem.getStatus(),
            switch (problem.getStatus()) {
              case 403 -> "permission_denied";
              case 404 -> "not_found";
              case 429 -> "rate_limit_exceeded";
              case 503 -> "unavailable";
              default -> "invalid_request";
            },
            refusal.message());
      }
    };
  }

  /** Handles a request of a client of OpenAI: what is refused on the way is such an error, too. */
  static CompletionStage<Response> openAi(Supplier<CompletionStage<Response>> request) {
    try {
      return request.get();
    } catch (RefusedException e) {
      return CompletableFuture.completedFuture(openAi(new Reply.Refused(e.refusal())));
    }
  }

  /** An error of this status and code. */
  static Response openAi(int status, String code, String message) {
    return openAi(Response.status(status), status, code, message);
  }

  private static Response openAi(
      Response.ResponseBuilder response, int status, String code, String message) {
    String type =
        switch (status) {
          case 429 -> "rate_limit_error";
          case 503 -> "server_error";
          default -> code.equals("judge_failed") ? "judge_failed" : "invalid_request_error";
        };
    return response
        .type(MediaType.APPLICATION_JSON)
        .entity(Map.of("error", Map.of("message", message, "type", type, "code", code)))
        .build();
  }
}
