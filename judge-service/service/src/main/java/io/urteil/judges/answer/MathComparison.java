package io.urteil.judges.answer;

import io.urteil.judges.answer.math.MathReading;
import io.urteil.judges.answer.number.Prose;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares mathematical answers by their values. Rational numbers are compared exactly, irrational
 * ones in double precision, and expressions with variables by their values at fixed pseudo-random
 * points. Two expressions are equal if they agree within 1e-9 at all points; a false match is
 * practically impossible for rational functions of this length. There is no symbolic
 * simplification, so the work is linear in the length of the answer.
 *
 * <p>If the reference is the letter of a choice, answers are compared as letters.
 */
final class MathComparison implements AnswerComparison {

  private static final Pattern PROSE =
      Pattern.compile("(?<![\\\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z(])");

  private static final int LONGEST_END = 300;

  private static final Pattern APPROXIMATED =
      Pattern.compile("\\$([^$]{1,200}\\\\approx[^$]{1,60})\\$((?:[^$\\\\\\n]|\\\\%){0,60})\\z");

  private static final Pattern PUNCTUATION = Pattern.compile("[.*%\\\\]");

  private final NumberComparison numbers = new NumberComparison();

  @Override
  public String name() {
    return "math";
  }

  /**
   * The last box takes precedence over later markers, as in the grading of the MATH data set. Boxes
   * in one sentence are a list.
   */
  @Override
  public Optional<String> stated(String text) {
    return Boxes.last(text).or(() -> FinalAnswer.stated(text).map(StatedClause::formula));
  }

  /** A reference of one line without a marker is the answer as a whole, also if it is words. */
  @Override
  public Optional<String> expected(String reference) {
    String only = reference.strip();
    return stated(reference)
        .or(() -> only.indexOf('\n') < 0 ? Optional.of(only) : unstated(reference));
  }

  @Override
  public Optional<String> unstated(String text) {
    String only = text.strip();
    return !only.isEmpty() && only.indexOf('\n') < 0 && isWholly(only)
        ? Optional.of(only)
        : approximated(only).or(() -> Quantity.lastIn(text));
  }

  /**
   * A formula at the end that is a value and its approximation, before nothing but a unit or
   * another explanation; its last number is the latter.
   */
  private static Optional<String> approximated(String text) {
    Matcher formula =
        APPROXIMATED.matcher(text.substring(Math.max(0, text.length() - LONGEST_END)));
    return formula.find()
            && Prose.leavesBehind(PUNCTUATION.matcher(formula.group(2)).replaceAll(" "))
        ? Optional.of(formula.group(1).strip())
        : Optional.empty();
  }

  /** Whether the line is a formula without prose; adjacent letters would parse as a product. */
  private static boolean isWholly(String line) {
    return !PROSE.matcher(line).find() && !MathReading.of(line).isWords();
  }

  @Override
  public boolean canRead(String answer) {
    if (answer.length() > MathReading.maxLength()) {
      return false;
    }
    MathReading reading = MathReading.of(answer);
    return !reading.isWords() || reading.plain().chars().anyMatch(Character::isLetterOrDigit);
  }

  @Override
  public boolean equal(String answer, String reference) {
    Optional<ChoiceLetter> expected = ChoiceLetter.reference(reference);
    Optional<ChoiceLetter> given = ChoiceLetter.in(answer);
    if (expected.isPresent() && given.isPresent()) {
      return given.get().sameAs(expected.get());
    }
    if (expected.isPresent() && !expected.get().text().isEmpty()) {
      return sameMeaning(answer, expected.get().text());
    }
    String choice = expected.isPresent() ? "" : given.map(ChoiceLetter::text).orElse("");
    return sameMeaning(choice.isEmpty() ? answer : choice, reference);
  }

  private boolean sameMeaning(String answer, String reference) {
    MathReading given = MathReading.of(answer);
    MathReading expected = MathReading.of(reference);
    if (given.sameAs(expected)) {
      return true;
    }
    if (given.isWords() && PROSE.matcher(answer).find() && expected.isNumber()) {
      return numbers.equal(answer, reference);
    }
    if (given.isWords() || expected.isWords()) {
      return given.sameWordsAs(expected);
    }
    return answer.indexOf(',') >= 0
        && reference.indexOf(',') >= 0
        && MathReading.of(spaced(answer)).sameAs(MathReading.of(spaced(reference)));
  }

  /** Makes every comma a separator of answers instead of a thousands separator. */
  private static String spaced(String answer) {
    return answer.replace(",", ", ");
  }
}
