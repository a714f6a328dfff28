package io.urteil.judges.answer;

import java.util.Optional;

/**
 * Compares answers by numeric value and ignores their units. An answer with an operator, with a
 * second number, or with words that may change its number equals no reference.
 */
final class NumberComparison implements AnswerComparison {

  @Override
  public String name() {
    return "number";
  }

  @Override
  public Optional<String> unstated(String text) {
    return Quantity.lastIn(text);
  }

  @Override
  public boolean canRead(String answer) {
    return Quantity.in(answer).isPresent();
  }

  @Override
  public boolean equal(String answer, String reference) {
    return NumberAnswer.of(answer)
        .flatMap(found -> Quantity.in(reference).map(found::equalTo))
        .orElse(false);
  }
}
