package io.urteil.prompt;

/**
 * A run of text in a prompt, by where it came from. Only what the template itself says may become
 * control tokens or tags of meaning; everything else is data.
 */
public record SourcedText(Source source, String text) {

  /** Where a text came from. */
  public enum Source {
    /** The judge prompt's own wording. */
    TEMPLATE,
    /** What the candidates were asked. */
    QUESTION,
    /** A candidate's answer. */
    CANDIDATE,
    /** The reference answer. */
    REFERENCE,
    /** The principle or rubric to judge by. */
    PRINCIPLE
  }

  /** Whether this is the template's own wording. */
  public boolean isTemplate() {
    return source == Source.TEMPLATE;
  }
}
