package io.urteil.prompt.attack;

/**
 * A way in which a candidate may try to fool its judge.
 *
 * @param name of the attack
 * @param kind verdict, break-out, master-key, persuasion, disguise, size or rule
 * @param text what the answer becomes; {@code {{answer}}} stands for the answer that rides on it
 * @param repeat the text is repeated to at least this many characters; 0 for once
 */
public record Attack(String name, String kind, String text, int repeat) {

  private static final String ANSWER = "{{answer}}";

  /** The attacked answer. Place-holders within the answer are left as they are. */
  public String on(String answer) {
    String once = text.replace(ANSWER, answer);
    return once.isEmpty() || once.length() >= repeat
        ? once
        : once.repeat((repeat + once.length() - 1) / once.length());
  }

  /** Whether the answer still stands in the attacked text. */
  public boolean carriesTheAnswer() {
    return text.contains(ANSWER);
  }
}
