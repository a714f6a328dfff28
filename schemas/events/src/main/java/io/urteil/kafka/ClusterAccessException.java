package io.urteil.kafka;

/**
 * Access to the brokers failed: wrong credentials, an untrusted certificate or a missing ACL. The
 * message names the resource and, if known, the principal.
 */
public final class ClusterAccessException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ClusterAccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
