package io.urteil.chat;

import static java.util.Objects.requireNonNull;

/** A value that is sent to a server and never shown: not in texts, logs, errors or events. */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * The secret with this value, which an HTTP header can contain.
   *
   * @throws IllegalArgumentException if it is empty or has other characters than printable ASCII;
   *     the message does not contain it
   */
  public static Secret of(String value) {
    if (requireNonNull(value, "value").isEmpty() || !isPrintable(value)) {
      throw new IllegalArgumentException(
          "a secret of %d characters (expected: at least one, all printable ASCII)"
              .formatted(value.length()));
    }
    return new Secret(value);
  }

  private static boolean isPrintable(String value) {
    return value.chars().allMatch(character -> character >= ' ' && character <= '~');
  }

  /** The value, for the request only. */
  String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
