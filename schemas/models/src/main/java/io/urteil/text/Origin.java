package io.urteil.text;

/** The origin of a piece of text, which decides whether it may contain control tokens. */
public enum Origin {
  /** Text of a template or of the run's owner; the only trusted origin. */
  TEMPLATE,
  /** The question to the candidates. */
  QUESTION,
  /** A candidate's answer. */
  CANDIDATE,
  /** The reference answer. */
  REFERENCE,
  /** The principle or rubric to judge by. */
  PRINCIPLE,
  /** A message of a conversation whose components are not distinguished. */
  MESSAGE;

  /** Whether the text may contain control tokens. */
  public boolean isTrusted() {
    return this == TEMPLATE;
  }
}
