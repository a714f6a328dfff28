package io.urteil.prompt.attack;

/**
 * A text with which a candidate tries to deceive its judge.
 *
 * @param name of the attack
 * @param kind verdict, break-out, heading, master-key, persuasion, disguise, size or rule
 * @param text the attacked answer; {@code {{answer}}} is the placeholder of the original answer
 * @param repeat minimum length in characters, reached by repetition; 0 for a single copy
 */
public record Attack(String name, String kind, String text, int repeat) {

  private static final String ANSWER = "{{answer}}";

  /** Applies the attack to an answer. Placeholders within the answer are not replaced. */
  public String on(String answer) {
    String once = text.replace(ANSWER, answer);
    return once.isEmpty() || once.length() >= repeat
        ? once
        : once.repeat((repeat + once.length() - 1) / once.length());
  }

  /** Whether the attacked text contains the original answer. */
  public boolean carriesTheAnswer() {
    return text.contains(ANSWER);
  }
}
