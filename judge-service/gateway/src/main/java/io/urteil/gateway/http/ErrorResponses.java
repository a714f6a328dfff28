package io.urteil.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.urteil.gateway.RefusedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts every error to a {@link Problem}, without a stack trace. */
public final class ErrorResponses {

  private static final Logger LOGGER = LoggerFactory.getLogger(ErrorResponses.class);
  private static final int MAX_DETAIL_CHARS = 300;
  private static final int SERVER_ERROR = 500;

  /** Names of classes and sources in the messages of the JSON reader. */
  private static final Pattern INTERNALS =
      Pattern.compile(" ?\\((?:class|start marker at|for ) ?[^()]*(?:\\([^()]*\\)[^()]*)*\\)");

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
    return Problem.response("invalid JSON", 422, sentence(invalid)).build();
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

  private static String sentence(JsonProcessingException invalid) {
    String place = invalid instanceof JsonMappingException mapping ? path(mapping.getPath()) : "";
    String at =
        invalid.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(invalid.getLocation().getLineNr(), invalid.getLocation().getColumnNr());
    return place + shortened(INTERNALS.matcher(invalid.getOriginalMessage()).replaceAll("")) + at;
  }

  private static String path(List<JsonMappingException.Reference> path) {
    String joined =
        path.stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining());
    return joined.isEmpty() ? "" : joined.substring(joined.charAt(0) == '.' ? 1 : 0) + ": ";
  }

  private static String shortened(String text) {
    return text.length() <= MAX_DETAIL_CHARS ? text : text.substring(0, MAX_DETAIL_CHARS) + "…";
  }
}
