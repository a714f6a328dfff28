package io.urteil.chat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The reason for which a request got no response, in words; the client's errors often have none.
 */
final class TransportError {

  private TransportError() {}

  static String of(@Nullable Throwable error, RemoteServer server) {
    return switch (error) {
      case HttpConnectTimeoutException timeout ->
          "no connection within " + server.retries().connectTimeout();
      case HttpTimeoutException timeout -> "no response within " + server.retries().timeLimit();
      case ConnectException refused when isUnresolved(refused) -> "unknown host";
      case ConnectException refused -> "connection refused";
      case UnknownHostException unknown -> "unknown host";
      case SSLException tls -> "TLS: " + message(tls, server);
      case IOException broken -> "connection failed: " + message(broken, server);
      case null -> "unknown error";
      default -> message(error, server);
    };
  }

  private static boolean isUnresolved(@Nullable Throwable error) {
    return error != null
        && (error instanceof UnresolvedAddressException || isUnresolved(error.getCause()));
  }

  /** The client quotes the first line of a response that is not HTTP. */
  private static String message(Throwable error, RemoteServer server) {
    String message = error.getMessage();
    return message == null || !server.quoted()
        ? error.getClass().getSimpleName()
        : AnswerExcerpt.cleaned(message);
  }
}
