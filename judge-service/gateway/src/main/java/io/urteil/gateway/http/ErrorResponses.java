package io.urteil.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.urteil.gateway.RefusedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts every error to a {@link Problem}, without a stack trace. */
public final class ErrorResponses {

  private static final Logger LOGGER = LoggerFactory.getLogger(ErrorResponses.class);
  private static final int MAX_DETAIL_CHARS = 300;
  private static final int SERVER_ERROR = 500;

  /** A refusal of the gateway. */
  @ServerExceptionMapper
  public Response refused(RefusedException refused) {
    return Problem.of(refused.refusal());
  }

  /** A failed future. */
  @ServerExceptionMapper
  public Response completed(CompletionException failed) {
    return of(failed);
  }

  /** JSON that is not valid, or not of the documented form. */
  @ServerExceptionMapper
  public Response json(JsonProcessingException invalid) {
    return Problem.response("invalid JSON", 422, shortened(JsonSentence.of(invalid))).build();
  }

  /** JSON with a value of another form than documented. */
  @ServerExceptionMapper
  public Response mismatch(MismatchedInputException invalid) {
    return json(invalid);
  }

  /** An error of the HTTP layer, such as a path that does not exist. */
  @ServerExceptionMapper
  public Response http(WebApplicationException failed) {
    if (failed.getCause() instanceof JsonProcessingException invalid) {
      return json(invalid);
    }
    Response response = failed.getResponse();
    return Problem.response(
            response.getStatusInfo().getReasonPhrase(),
            response.getStatus(),
            shortened(String.valueOf(failed.getMessage())))
        .build();
  }

  /** Everything else is an error of the gateway. */
  @ServerExceptionMapper
  public Response other(RuntimeException failed) {
    return of(failed);
  }

  /** The response for any failure. */
  public static Response of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RefusedException refused) {
      return Problem.of(refused.refusal());
    }
    LOGGER.atError().setCause(cause).log("a request failed");
    return Problem.response(
            "internal error", SERVER_ERROR, "the gateway failed at this request; see its log")
        .build();
  }

  private static String shortened(String text) {
    return text.length() <= MAX_DETAIL_CHARS ? text : text.substring(0, MAX_DETAIL_CHARS) + "…";
  }
}
