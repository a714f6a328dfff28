package io.urteil.text;

/** The origin of text, which decides whether it may contain control tokens. */
public enum Origin {
  /** Text of a template or of the run's owner; the only trusted origin. */
  TEMPLATE,
  /** The question that the candidates answer. */
  QUESTION,
  /** A candidate's answer. */
  CANDIDATE,
  /** The reference answer. */
  REFERENCE,
  /** The principle or rubric of the judgement. */
  PRINCIPLE,
  /** A message of a conversation, without further distinction. */
  MESSAGE;

  /** Whether the text may contain control tokens. */
  public boolean isTrusted() {
    return this == TEMPLATE;
  }
}
