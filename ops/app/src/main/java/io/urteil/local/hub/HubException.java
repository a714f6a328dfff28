package io.urteil.local.hub;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A model cannot be downloaded. The message is one sentence: value, expectation, and place. */
public final class HubException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** Who can mend it. */
  public enum Kind {
    /** The name, the revision, or the access of the user's account. */
    REQUEST,
    /** The model: its files cannot be used here. */
    MODEL,
    /** No answer, or offline. */
    UNREACHABLE,
    /** The transfer: a retry resumes it. */
    TRANSFER
  }

  private final Kind kind;

  HubException(Kind kind, String message) {
    this(kind, message, null);
  }

  HubException(Kind kind, String message, @Nullable Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
    this.kind = kind;
  }

  /** Who can mend it. */
  public Kind kind() {
    return kind;
  }
}
