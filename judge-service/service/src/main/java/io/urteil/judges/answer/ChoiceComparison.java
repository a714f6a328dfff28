package io.urteil.judges.answer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares multiple-choice letters from A to J: {@code B}, {@code (B)}, {@code \text{(B)}}, {@code
 * option B}, {@code B) the text of the option}. Several letters are not an answer.
 */
final class ChoiceComparison implements AnswerComparison {

  private static final Pattern LETTER =
      Pattern.compile(
          "(?:(?:the )?(?:correct )?(?:option|choice|answer|letter)s?(?: is)?:? )?"
              + "\\(?([A-Ja-j])(?:[.):]{1,3}(?: (?<text>.*))?"
              + "|\\)? (?:is|seems) (?:the )?(?:correct|right|best)(?: (?:answer|option|choice|one))?\\.?|)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern TYPESETTING =
      Pattern.compile("\\\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox)\\b|[{}$*`\"'\\\\]");

  @Override
  public String name() {
    return "choice";
  }

  @Override
  public Optional<String> unstated(String text) {
    String only = text.strip();
    return only.indexOf('\n') < 0 && canRead(only) ? Optional.of(only) : Optional.empty();
  }

  @Override
  public boolean canRead(String answer) {
    return letter(answer).isPresent();
  }

  @Override
  public boolean equal(String answer, String reference) {
    return letter(answer).isPresent() && letter(answer).equals(letter(reference));
  }

  private static Optional<String> letter(String answer) {
    String start = answer.length() > 500 ? answer.substring(0, 500) : answer;
    String plain = TYPESETTING.matcher(start).replaceAll("").replaceAll("\\s{1,500}", " ").strip();
    Matcher matcher = LETTER.matcher(plain);
    String text = matcher.matches() ? matcher.group("text") : null;
    return matcher.matches() && (text == null || !ChoiceLetter.isHedged(text))
        ? Optional.of(matcher.group(1).toUpperCase(Locale.ROOT))
        : Optional.empty();
  }
}
