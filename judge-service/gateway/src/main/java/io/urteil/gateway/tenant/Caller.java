package io.urteil.gateway.tenant;

/** Who sends a request, as far as its key or token shows. No text contains a part of either. */
public sealed interface Caller {

  /** This tenant. */
  record Known(Tenant tenant) implements Caller {}

  /**
   * No tenant of the keys file.
   *
   * @param detail what was found, and what is expected
   */
  record Unknown(String title, String detail) implements Caller {}

  /** The keys that verify the token are being read; the same request may be sent again soon. */
  record Undecided(String detail) implements Caller {}
}
