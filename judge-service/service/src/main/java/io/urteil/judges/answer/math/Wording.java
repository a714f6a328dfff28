package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Clock;
import io.urteil.judges.answer.math.MathAnswer.RealSet;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import io.urteil.judges.answer.math.MathAnswer.Words;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers in words, and answers that are compared as words. */
final class Wording {

  private static final Pattern FONTS =
      Pattern.compile("\\\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox|left|right)(?![A-Za-z])");

  private static final Pattern TYPESETTING =
      Pattern.compile("\\\\[ ,;:!]|[{}$*`\"~]|\\s|\\\\(?:quad|qquad)(?![A-Za-z])");

  private static final Pattern ALL =
      Pattern.compile(
          "(?:x (?:can be|is) )?(?:(?:the set of )?(?:(?:all|any|every) (?:the )?real"
              + "(?:s| numbers?| values?)?|the reals|reals|real numbers))(?: (?:of )?[a-z])?");

  private static final Pattern EXCEPT =
      Pattern.compile("(.{1,40}?) (?:except|other than)(?: for)?(?: [a-z] ?=)? ([^a-z]{1,30})");

  private static final Pattern NONE =
      Pattern.compile(
          "(?:there (?:is|are) )?no (?:real )?(?:solutions?|roots?)(?: exists?)?|none"
              + "|(?:the )?empty set|no such (?:values?|numbers?)(?: exists?)?");

  private static final Pattern NOWHERE =
      Pattern.compile("dne|(?:(?:the )?limit |it )?(?:does not|doesn't) exist");

  private static final Pattern CLOCK =
      Pattern.compile("(\\d{1,2}):([0-5]\\d)(?: ?([ap])\\.? ?m\\.?)?");

  private Wording() {}

  /** The meaning of a phrase such as "all real numbers" or "no solution"; null for other words. */
  static @Nullable MathAnswer phrase(String answer) {
    if (answer.length() > 80) {
      return null;
    }
    String plain =
        TYPESETTING
            .matcher(FONTS.matcher(answer).replaceAll(""))
            .replaceAll(" ")
            .replaceAll(" {2,80}", " ")
            .strip()
            .toLowerCase(Locale.ROOT);
    String phrase = plain.endsWith(".") ? plain.substring(0, plain.length() - 1).strip() : plain;
    if (ALL.matcher(phrase).matches()) {
      return new RealSet(null, Region.ALL);
    }
    Matcher except = EXCEPT.matcher(phrase);
    if (except.matches() && ALL.matcher(except.group(1)).matches()) {
      Region without = RealSets.region(AnswerReader.read(except.group(2)));
      return without == null ? null : new RealSet(null, without.complement());
    }
    if (NONE.matcher(phrase).matches()) {
      return new Unordered(Unordered.Kind.SET, List.of());
    }
    if (NOWHERE.matcher(phrase).matches()) {
      return new Words("dne");
    }
    Matcher clock = CLOCK.matcher(plain);
    return clock.matches()
        ? new Clock(
            Integer.parseInt(clock.group(1)),
            Integer.parseInt(clock.group(2)),
            clock.group(3) == null ? "" : clock.group(3))
        : null;
  }

  /**
   * The answer in lower case, without white space and font commands. Brackets and punctuation are
   * left out as well if there are only words, but not among digits, where they mean something.
   */
  static String plain(String answer) {
    String bare = FONTS.matcher(answer).replaceAll("");
    boolean words = bare.chars().noneMatch(Character::isDigit);
    return bare.replaceAll(words ? "[\\s\\\\{}()\\[\\]$*_`'\".,;!~]" : "[\\s$*`\"~]", "")
        .toLowerCase(Locale.ROOT);
  }
}
