package io.urteil.judges.answer;

import io.urteil.judges.answer.number.Prose;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number that an answer states: its only one, among words that leave it as it is. What stands
 * before the last equals sign does not matter. An answer with an operator, with a second number or
 * with words such as "at least" states none.
 */
final class NumberAnswer {

  private static final int MAX_LENGTH = 4_000;

  /** Emphasis, quotes, fonts and spaces; what they surround stays. */
  private static final Pattern TYPESETTING =
      Pattern.compile(
          "\\\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox|f?boxed|left|right|q?quad)(?![A-Za-z])"
              + "|\\\\[ ,;:!()\\[\\]]|\\*\\*|[`\"~\u201c\u201d]");

  /** Another answer before the equation, as in {@code 5, x = 6}. */
  private static final Pattern OTHER = Pattern.compile("\\d.{0,200}?(?:;|,\\s|\\b(?:or|and)\\b)");

  private static final Pattern ARITHMETIC =
      Pattern.compile(
          "(?:[\\p{L}\\p{N}\\s=+*/^().,$%:;{}'\u00d7\u00f7\u00b7\u2212\u2019<>-]|\\\\(?:times|cdot|div|frac|%|\\$))*+");

  private static final Pattern VARIABLE =
      Pattern.compile("(?<![\\p{L}\\\\])[b-zB-HJ-Z](?![\\p{L}])|\\A\\W*+\\z");

  /** A sum or a bracket that is not finished. */
  private static final Pattern OPEN = Pattern.compile("[-+*/^(\u00d7\u00f7\u2212]\\s*+\\z");

  /** The letter x between numbers. */
  private static final Pattern TIMES = Pattern.compile("(?<=\\d)\\s?x\\s?(?=\\d)");

  /** A limit before an equation, as in {@code at least 3 * 2 = 6}. */
  private static final Pattern LIMIT =
      Pattern.compile(
          "\\A\\W{0,20}(?:at least|at most|up to|no (?:more|less|fewer)|(?:more|less|fewer|greater)"
              + " than|between|over|under|above|below|half|twice|the square)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NEGATIVE =
      Pattern.compile("\\b(?:negative|minus)\\s*+\\z", Pattern.CASE_INSENSITIVE);

  /** Punctuation that means nothing beside a number. */
  private static final String PUNCTUATION = ".,;:()[]{}'$\u2019\u2014\u2013\u00b0";

  /** Units that may touch the number. */
  private static final Set<String> GLUED =
      Set.of(
          "mm", "cm", "m", "km", "ft", "yd", "mi", "mg", "g", "kg", "lb", "lbs", "oz", "s", "min",
          "h", "hr", "hrs", "mph", "kph", "am", "pm", "ml", "L", "C", "F");

  private NumberAnswer() {}

  static Optional<Quantity> of(String answer) {
    if (answer.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String clause = StatedClause.of(answer);
    int equals = clause.lastIndexOf('=');
    if (equals < 0 || !Quantity.isIn(clause.substring(equals + 1))) {
      return among(clause);
    }
    boolean relation = equals > 0 && "!<>=~\u2260".indexOf(clause.charAt(equals - 1)) >= 0;
    String before = clause.substring(0, equals);
    boolean denied =
        !Prose.castsNoDoubt(before)
            || OTHER.matcher(before).find()
            || LIMIT.matcher(before).find()
            || (!Quantity.isIn(before) && Prose.changes(before))
            || !isArithmetic(before);
    return relation || denied ? Optional.empty() : among(clause.substring(equals + 1));
  }

  /** Names and sums of numbers, but no equation in a letter such as {@code 2 - x = 6}. */
  private static boolean isArithmetic(String before) {
    String bare = TYPESETTING.matcher(before).replaceAll(" ");
    long open = bare.chars().filter(c -> c == '(').count();
    long closed = bare.chars().filter(c -> c == ')').count();
    if (open != closed || !ARITHMETIC.matcher(bare).matches()) {
      return false;
    }
    for (String part : bare.split("=", 50)) {
      boolean sum = part.chars().anyMatch(c -> "+-*/^\u00d7\u00f7\u2212\\".indexOf(c) >= 0);
      if (OPEN.matcher(part).find()) {
        return false;
      }
      if (sum && VARIABLE.matcher(TIMES.matcher(part).replaceAll("*")).find()) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Quantity> among(String text) {
    String bare = TYPESETTING.matcher(text).replaceAll(" ");
    Optional<Quantity.Found> found = Quantity.onlyOne(bare);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String before = bare.substring(0, found.get().start());
    String behind = bare.substring(found.get().end());
    if (!isPlainBefore(before)
        || !isPlainBehind(behind)
        || !Prose.leavesBehind(withoutUnit(behind))) {
      return Optional.empty();
    }
    Quantity quantity = found.get().quantity();
    Matcher sign = NEGATIVE.matcher(before);
    if (!sign.find()) {
      return Prose.leavesBefore(before) ? Optional.of(quantity) : Optional.empty();
    }
    boolean once = quantity.value().signum() > 0;
    return once && Prose.leavesBefore(before.substring(0, sign.start()))
        ? Optional.of(quantity.negated())
        : Optional.empty();
  }

  private static boolean isPlainBefore(String before) {
    int last = before.length() - 1;
    if (last >= 0 && Character.isLetterOrDigit(before.charAt(last))) {
      return false;
    }
    return isPlain(before);
  }

  private static boolean isPlainBehind(String behind) {
    int end = 0;
    while (end < behind.length() && Character.isLetterOrDigit(behind.charAt(end))) {
      end++;
    }
    boolean touches = end > 0 && !GLUED.contains(behind.substring(0, end));
    boolean exclaims = !behind.isEmpty() && "!'\u2032".indexOf(behind.charAt(0)) >= 0;
    return !touches && !exclaims && isPlain(withoutUnit(behind));
  }

  /** Without the degree sign of LaTeX, squared and cubed units, and a mark at the end. */
  private static String withoutUnit(String behind) {
    String rest = behind.strip();
    if (rest.startsWith("^\\circ") || rest.startsWith("^{\\circ}")) {
      rest = rest.substring(rest.indexOf("circ") + "circ".length());
    }
    int end = 0;
    while (end < rest.length() && Character.isLetter(rest.charAt(end))) {
      end++;
    }
    return GLUED.contains(rest.substring(0, end)) ? rest.substring(end) : rest;
  }

  /** Words, spaces and punctuation; a hyphen or a slash only within a word. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean within =
          i > 0
              && i + 1 < text.length()
              && Character.isLetter(text.charAt(i - 1))
              && Character.isLetter(text.charAt(i + 1));
      boolean joint = (c == '-' || c == '/' || c == '\u2011') && within;
      boolean emphasis = c == '*' && (i == 0 || i == text.length() - 1);
      boolean approximately = c == '\u2248';
      if (!Character.isLetter(c)
          && !Character.isWhitespace(c)
          && PUNCTUATION.indexOf(c) < 0
          && !joint
          && !emphasis
          && !approximately) {
        return false;
      }
    }
    return true;
  }
}
