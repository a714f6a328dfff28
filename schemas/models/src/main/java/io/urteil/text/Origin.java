package io.urteil.text;

/** Where a stretch of text came from, which decides whether it may spell control tokens. */
public enum Origin {
  /** The wording of a template or of the run's owner; the only origin that is trusted. */
  TEMPLATE,
  /** What the candidates were asked. */
  QUESTION,
  /** A candidate's answer. */
  CANDIDATE,
  /** The reference answer. */
  REFERENCE,
  /** The principle or rubric to judge by. */
  PRINCIPLE,
  /** A message of a conversation whose parts are not told apart. */
  MESSAGE;

  /** Whether the text may spell control tokens. */
  public boolean isTrusted() {
    return this == TEMPLATE;
  }
}
