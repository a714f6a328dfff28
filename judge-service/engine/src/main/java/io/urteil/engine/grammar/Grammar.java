package io.urteil.engine.grammar;

/**
 * The format of a completion, as a state machine over tokens. It constrains the verdict and not the
 * thought before it: a thought may contain everything except the end and a closing tag that leads
 * nowhere.
 *
 * <p>A grammar belongs to a vocabulary. It is thread-safe and may be shared by requests.
 */
public interface Grammar {

  /** Its name in run files and errors. */
  String name();

  /**
   * The state of a sample before its first token. One sample uses it, on one thread at a time.
   *
   * @param promptTokenIds the prompt; a thought that the prompt has opened is open
   */
  Cursor start(int[] promptTokenIds);

  /**
   * The same format for samples of at most this number of tokens: near the limit only tokens are
   * allowed that leave room for the rest of the format. The default is this grammar, whose samples
   * may end at the limit before the format is complete.
   */
  default Grammar within(int maxTokens) {
    return this;
  }

  /** The state of a sample. */
  interface Cursor {

    /** The allowed next tokens. */
    AllowedTokens choice();

    /** Advances by a token that {@link #choice()} allows; stop tokens are not passed. */
    void accept(int token);
  }
}
