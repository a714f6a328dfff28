package io.urteil.gateway.http;

import io.urteil.gateway.Refusal;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error, as RFC 9457 describes it.
 *
 * @param title the kind of error
 * @param status the HTTP status
 * @param detail the sentence: value, expectation and place
 */
@Schema(description = "An error, as in RFC 9457.")
public record Problem(String title, int status, String detail) {

  /** Its media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** What the statuses mean, for the description of the API. */
  static final String STATUSES =
      "401: no key, or an unknown one. 403: a run that the tenant may not use. 404: no such run or"
          + " group. 409: submitted before with another content. 413: too large for a"
          + " record. 422: invalid. 429: too much is open, or too much at once; Retry-After is the time after which to"
          + " retry, and nothing was published.";

  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY = 429;

  /** The response for a refusal. */
  public static Response of(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Invalid(String message) -> response("invalid", UNPROCESSABLE, message).build();
      case Refusal.TooLarge(String message) -> response("too large", 413, message).build();
      case Refusal.Unknown(String message) -> response("not found", 404, message).build();
      case Refusal.Forbidden(String message) -> response("not allowed", 403, message).build();
      case Refusal.Conflict(String message) -> response("conflict", 409, message).build();
      case Refusal.Overloaded(String message, var retryAfter) ->
          response("too much at once", TOO_MANY, message)
              .header(HttpHeaders.RETRY_AFTER, seconds(retryAfter))
              .build();
      case Refusal.Unavailable(String message) ->
          response("unavailable", 503, message).header(HttpHeaders.RETRY_AFTER, 1).build();
    };
  }

  /** Rounded up, so that a retry after it is not too early. */
  static long seconds(Duration time) {
    return time.plusNanos(999_999_999).toSeconds();
  }

  /** A response of this status. */
  public static Response.ResponseBuilder response(String title, int status, String detail) {
    return Response.status(status).type(MEDIA_TYPE).entity(new Problem(title, status, detail));
  }
}
