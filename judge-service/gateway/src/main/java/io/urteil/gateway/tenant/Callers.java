package io.urteil.gateway.tenant;

/** Finds who sends a request. Does not block. Thread-safe. */
@FunctionalInterface
public interface Callers {

  /**
   * @param secret a key, or a token of an issuer
   * @param inHeader whether it was in the header {@code Authorization}; only there may be a token
   */
  Caller find(String secret, boolean inHeader);
}
