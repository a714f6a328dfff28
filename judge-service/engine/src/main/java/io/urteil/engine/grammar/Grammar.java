package io.urteil.engine.grammar;

/**
 * A form that a completion must take, as a state machine over tokens. It shapes the verdict and
 * leaves the thought before it alone: what may be drawn in a thought is everything but the end and
 * a close that could lead nowhere.
 *
 * <p>A grammar belongs to a vocabulary. It is safe for any thread and may be shared by requests.
 */
public interface Grammar {

  /** How the run file names it; goes into errors. */
  String name();

  /**
   * A sample's place in the grammar, before its first token. One sample uses it, and one thread at
   * a time.
   *
   * @param promptTokenIds what stands before; a thought that the prompt has opened is open
   */
  Cursor start(int[] promptTokenIds);

  /** Where a sample stands. */
  interface Cursor {

    /** What may come next. */
    AllowedTokens choice();

    /** Goes on by a token that was drawn as {@link #choice()} allows; stop tokens are not given. */
    void accept(int token);
  }
}
