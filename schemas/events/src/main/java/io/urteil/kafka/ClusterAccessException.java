package io.urteil.kafka;

/**
 * The brokers rejected this client, or the client rejected the brokers: wrong credentials, an
 * untrusted certificate or a missing ACL. The message names the principal, if known, and the
 * resource.
 */
public final class ClusterAccessException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ClusterAccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
