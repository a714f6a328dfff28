package io.urteil.model.chat;

import static java.util.Objects.requireNonNull;

/**
 * A stretch of a prompt.
 *
 * @param control whether it may spell control tokens: true for what a template or the run's owner
 *     says, false for what a policy, a judge or a data set said, which is encoded as plain text
 *     whatever it spells
 * @param message index of the message it belongs to; {@link #TEMPLATE} for what stands between them
 */
public record PromptPiece(String text, boolean control, int message) {

  /** The message of pieces that belong to none. */
  public static final int TEMPLATE = -1;

  public PromptPiece {
    requireNonNull(text, "text");
  }

  /** Text that may spell control tokens. */
  public static PromptPiece control(String text) {
    return new PromptPiece(text, true, TEMPLATE);
  }

  /** Text that stays text whatever it spells. */
  public static PromptPiece plain(String text) {
    return new PromptPiece(text, false, TEMPLATE);
  }
}
