package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper, lower and title case by the rules of Python's strings. */
final class TextCase {

  private static final int SIGMA = 0x3a3;

  private TextCase() {}

  static OriginText upper(OriginText text, Budget budget) {
    budget.mappedCharacters(text.length());
    return text.mapped(TextCase::upper);
  }

  private static String upper(int c) {
    return Character.toString(c).toUpperCase(Locale.ROOT);
  }

  static OriginText lower(OriginText text, Budget budget) {
    budget.mappedCharacters(text.length());
    if (text.toString().indexOf(SIGMA) < 0) {
      return text.mapped(TextCase::lower);
    }
    // The lower case of a sigma depends on the letters around it, in both languages alike.
    String all = text.toString().toLowerCase(Locale.ROOT);
    int[] at = {0};
    return text.mapped(
        c -> {
          int from = at[0];
          at[0] += lower(c).length();
          return all.substring(from, at[0]);
        });
  }

  private static String lower(int c) {
    return Character.toString(c).toLowerCase(Locale.ROOT);
  }

  /** Python's {@code str.capitalize}. */
  static OriginText capitalised(OriginText text, Budget budget) {
    if (text.length() == 0) {
      return text;
    }
    int first = text.toString().offsetByCodePoints(0, 1);
    OriginText lower = lower(text, budget);
    OriginText initial = text.slice(0, first);
    int lowered = lower(text.toString().codePointAt(0)).length();
    return initial.mapped(c -> title(c, budget)).plus(lower.slice(lowered, lower.length()));
  }

  /** Python's {@code str.title}. */
  static OriginText titled(OriginText text, Budget budget) {
    budget.mappedCharacters(text.length());
    if (text.toString().indexOf(SIGMA) >= 0) {
      throw TemplateException.at(budget.line(), "the title case of a sigma");
    }
    boolean[] inWord = {false};
    return text.mapped(
        c -> {
          String changed = inWord[0] ? lower(c) : title(c, budget);
          inWord[0] = isCased(c);
          return changed;
        });
  }

  private static String title(int c, Budget budget) {
    String upper = upper(c);
    if (upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(Character.toTitleCase(c));
    }
    if (c == 0xdf) {
      return "Ss";
    }
    throw TemplateException.at(
        budget.line(), "the title case of '%s'".formatted(Character.toString(c)));
  }

  /** Jinja2's filter {@code title}: words also begin behind brackets and hyphens. */
  static OriginText titledWords(OriginText text, Budget budget) {
    budget.items(text.length());
    OriginText.Builder all = new OriginText.Builder();
    String plain = text.toString();
    for (int from = 0; from < plain.length(); ) {
      boolean separates = separatesWords(plain.charAt(from));
      int to = from;
      while (to < plain.length() && separatesWords(plain.charAt(to)) == separates) {
        to++;
      }
      int first = plain.offsetByCodePoints(from, 1);
      all.append(upper(text.slice(from, first), budget))
          .append(lower(text.slice(first, to), budget));
      from = to;
    }
    return all.build();
  }

  private static boolean separatesWords(char c) {
    return "-({[<".indexOf(c) >= 0 || OriginText.isSpace(c);
  }

  static OriginText swapped(OriginText text, Budget budget) {
    budget.mappedCharacters(text.length());
    if (text.toString().indexOf(SIGMA) >= 0) {
      throw TemplateException.at(budget.line(), "the other case of a sigma");
    }
    return text.mapped(
        c ->
            Character.isUpperCase(c)
                ? lower(c)
                : Character.isLowerCase(c) ? upper(c) : Character.toString(c));
  }

  static boolean isLower(OriginText text, Budget budget) {
    return isCase(text, Character::isLowerCase, budget);
  }

  static boolean isUpper(OriginText text, Budget budget) {
    return isCase(text, Character::isUpperCase, budget);
  }

  /** Whether all cased letters have this case, and there is one. */
  private static boolean isCase(OriginText text, IntPredicate isCase, Budget budget) {
    String plain = text.toString();
    budget.characters(plain.length());
    return plain.codePoints().anyMatch(isCase)
        && plain.codePoints().noneMatch(c -> isCased(c) && !isCase.test(c));
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }
}
