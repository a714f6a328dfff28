package io.urteil.kafka;

/**
 * The brokers refused this client, or it refused them: wrong credentials, an untrusted certificate,
 * a missing ACL. The message names the principal, as far as it is known, and the resource.
 */
public final class ClusterAccessException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ClusterAccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
