package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.math.MathAnswer.Words;

/**
 * A mathematical answer that has been read: numbers, formulas, sets, relations, or words. Any text
 * is read, without an exception and in bounded time.
 */
public final class MathReading {

  private final String text;
  private final MathAnswer answer;

  private MathReading(String text, MathAnswer answer) {
    this.text = text;
    this.answer = answer;
  }

  /** Reads an answer in LaTeX or plain text. */
  public static MathReading of(String text) {
    return new MathReading(text, AnswerReader.read(text));
  }

  /** Maximum length of an answer in characters; longer ones are unreadable. */
  public static int maxLength() {
    return AnswerReader.MAX_LENGTH;
  }

  /** Whether the answer is words rather than a formula. */
  public boolean isWords() {
    return answer instanceof Words;
  }

  /** Whether the answer is a rational number or a percentage. */
  public boolean isNumber() {
    return answer instanceof Value value
        && (value.percent() || MathNode.exact(value.node()) != null);
  }

  /** Whether both have the same meaning. */
  public boolean sameAs(MathReading reference) {
    return MathEquality.same(answer, reference.answer);
  }

  /** Whether both are the same words; case, white space and emphasis do not matter. */
  public boolean sameWordsAs(MathReading reference) {
    String plain = reference.plain();
    return plain.chars().anyMatch(Character::isLetter) && plain.equals(plain());
  }

  /** The answer as it is compared with other words. */
  public String plain() {
    return Wording.plain(text);
  }
}
