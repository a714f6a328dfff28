package io.urteil.judges.answer.search;

/**
 * Words or signs around an answer that give it another value, or none.
 *
 * @param before what precedes the answer
 * @param behind what follows it
 */
public record Change(String before, String behind) {

  String on(String answer) {
    return before + answer + behind;
  }
}
