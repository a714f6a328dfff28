package io.urteil.judges.answer;

import io.urteil.judges.answer.number.Prose;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ends an answer where the sentence continues with something else: "$(2,-7)$. I hope it is
 * correct.", "30, because 31 - 1 = 30". A sentence or clause that casts doubt on the answer stays
 * part of it, so that it is not read.
 */
final class StatedClause {

  /** Longer lines are not searched. */
  private static final int MAX_LENGTH = 4_000;

  /** The end of a sentence, or the start of a clause that explains. */
  private static final Pattern NEXT =
      Pattern.compile(
          "(?<=[\\w}$)%!\\]])[.!]\\s+(?=[A-Z])"
              + "|,?\\s+(?=(?:since|because|as (?:shown|required|desired|claimed|above|expected)"
              + "|for all|for every|for each|where)\\b)");

  private static final Pattern FORMULA =
      Pattern.compile(
          "\\A(?:[*_:\\s]{0,20})(?:\\$\\$?(?<dollars>[^$]++)\\$\\$?|\\\\\\((?<round>.*?)\\\\\\)"
              + "|\\\\\\[(?<square>.*?)\\\\])[*_]*+",
          Pattern.DOTALL);

  /** Another form of the same value behind the answer. */
  private static final Pattern AGAIN =
      Pattern.compile("\\A,?\\s+(?:or|i\\.e\\.,?|that is,?|which is|which equals)\\s+");

  private StatedClause() {}

  /** The answer up to the end of its clause. */
  static String of(String answer) {
    if (answer.length() > MAX_LENGTH) {
      return answer;
    }
    Matcher next = NEXT.matcher(answer);
    while (next.find()) {
      boolean inFormula =
          answer.substring(0, next.start()).chars().filter(c -> c == '$').count() % 2 == 1;
      if (inFormula) {
        continue;
      }
      String rest = answer.substring(next.end());
      boolean sentence = next.group().indexOf('.') >= 0 || next.group().indexOf('!') >= 0;
      return Prose.castsNoDoubt(rest) && !(sentence && Prose.changes(rest))
          ? answer.substring(0, next.start())
          : answer;
    }
    return answer;
  }

  /**
   * As {@link #of}; an answer that begins with a formula ends with it, if what follows is the same
   * value in another form.
   */
  static String formula(String answer) {
    String clause = of(answer);
    Matcher formula = clause.length() > MAX_LENGTH ? null : FORMULA.matcher(clause);
    if (formula == null || !formula.find()) {
      return clause;
    }
    String value = content(formula);
    String rest = clause.substring(formula.end());
    Matcher again = AGAIN.matcher(rest);
    if (value == null || value.isBlank() || !again.find()) {
      return clause;
    }
    return SameValue.restates(value, rest.substring(again.end())) ? value : clause;
  }

  private static @Nullable String content(Matcher formula) {
    for (String name : new String[] {"dollars", "round", "square"}) {
      if (formula.group(name) != null) {
        return formula.group(name).strip();
      }
    }
    return null;
  }
}
