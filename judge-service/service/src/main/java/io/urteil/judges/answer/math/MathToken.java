package io.urteil.judges.answer.math;

import io.urteil.judges.answer.number.Rational;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A token of a mathematical answer, in LaTeX or plain text.
 *
 * @param kind the class of the token
 * @param text the digits of a number or a fraction of two, a letter or several capitals, a word, or
 *     a symbol or command without backslash
 * @param spaced whether white space precedes the token
 */
record MathToken(Kind kind, String text, boolean spaced) {

  enum Kind {
    NUMBER,
    LETTER,
    WORD,
    SYMBOL
  }

  static MathToken symbol(String text, boolean spaced) {
    return new MathToken(Kind.SYMBOL, text, spaced);
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isSymbol() {
    return kind == Kind.SYMBOL;
  }

  boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  boolean isLetter() {
    return kind == Kind.LETTER;
  }

  /** Whether this is a word, as opposed to a single letter or a product of letters. */
  boolean isWord() {
    return kind == Kind.WORD;
  }

  Rational number() {
    int bar = text.indexOf('/');
    return bar < 0
        ? Rational.of(new BigDecimal(text))
        : Rational.of(
            new BigInteger(text.substring(0, bar)), new BigInteger(text.substring(bar + 1)));
  }

  /** Whether the number is written with digits alone. */
  boolean isWhole() {
    return isNumber() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
