package io.urteil.prompt;

import io.urteil.prompt.sentence.Doubt;
import io.urteil.prompt.sentence.Lead;
import io.urteil.prompt.sentence.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a judge's text after its thought, and the search for the verdict in it. Only a
 * verdict at the end of the text counts; quoted verdicts in the thought or before the end do not.
 *
 * @param text the text after the thought, stripped
 */
record Conclusion(String text) {

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** A different verdict within this number of characters before the last makes it ambiguous. */
  static final int DOUBT_CHARACTERS = 80;

  /** Characters that may follow a verdict: punctuation, emphasis, quotes, the end of a formula. */
  private static final String DECORATION =
      ".!*_`\"'$\u2019\u201d\u3002\uff01\uff0e\u300d\u300f\uff09)\u3011\u2705\u2713\u2714";

  /** The end of the text in which a verdict and its sentence are searched. */
  private static final int LONGEST_END = 600;

  /** A letter in brackets with spaces. */
  private static final Pattern SPACED = Pattern.compile("\\[\\[\\s{1,9}([A-Ca-c])\\s{1,9}]]");

  private static final List<String> FORMULA_ENDS = List.of("\\]", "\\)");

  /** The conclusion of a text with an optional thought; null if the thought is malformed. */
  static @Nullable Conclusion of(String text) {
    return of(text, false);
  }

  /** The conclusion of a text with a required thought, whose opening tag may be in the prompt. */
  static @Nullable Conclusion afterThought(String text) {
    return of(text, true);
  }

  private static @Nullable Conclusion of(String text, boolean thoughtRequired) {
    String rest = Marks.stripped(text);
    boolean opened = rest.startsWith(OPEN);
    if (opened) {
      rest = rest.substring(OPEN.length());
    }
    int end = rest.indexOf(CLOSE);
    boolean openedAgain = rest.contains(OPEN);
    if (end < 0) {
      return thoughtRequired || opened || openedAgain ? null : new Conclusion(rest);
    }
    String after = rest.substring(end + CLOSE.length());
    return openedAgain || after.contains(CLOSE) ? null : new Conclusion(Marks.stripped(after));
  }

  /**
   * The contents of tags at the end of the text; null unless each tag is present once, in this
   * order, with nothing but white space, "and" or a comma between them.
   *
   * @param charactersBehind maximum number of characters after the last tag
   */
  @Nullable List<String> tagged(int charactersBehind, String... names) {
    List<String> contents = new ArrayList<>();
    int end = -1;
    for (String name : names) {
      String open = "<" + name + ">";
      String close = "</" + name + ">";
      int from = text.indexOf(open);
      int to = text.indexOf(close);
      boolean once =
          from >= 0
              && to >= from + open.length()
              && text.indexOf(open, from + 1) < 0
              && text.indexOf(close, to + 1) < 0;
      if (!once || (end >= 0 && (from < end || !joins(text.substring(end, from))))) {
        return null;
      }
      if (end < 0 && isDoubtful(from, to + close.length())) {
        return null;
      }
      contents.add(Marks.plain(text.substring(from + open.length(), to)).strip());
      end = to + close.length();
    }
    String behind = text.substring(end).strip();
    return behind.length() <= charactersBehind && behind.indexOf('<') < 0 ? contents : null;
  }

  /** Whether what leads to the verdict at this place denies, doubts or quotes it. */
  private boolean isDoubtful(int from, int to) {
    String before = text.substring(0, from);
    return !Lead.introduces(before)
        || Doubt.before(before)
        || Doubt.quotes(before, text.substring(to));
  }

  private static boolean joins(String between) {
    String word = between.strip();
    return word.isEmpty() || word.equals("and") || word.equals(",");
  }

  /**
   * The value of the token at the end of the text, whatever its case; null without one, if a token
   * of another value is within {@link #DOUBT_CHARACTERS} before it, or if its sentence denies,
   * doubts or quotes it. A tie may name the candidates before it, and so may a sentence that is the
   * only conclusion: "Response (a) is better on style. But overall, Response (b) is better."
   */
  <T> @Nullable T last(Map<String, T> tokens) {
    String bare = undecorated(text);
    String behind = text.substring(bare.length());
    String end =
        SPACED
            .matcher(Marks.plain(bare.substring(Math.max(0, bare.length() - LONGEST_END))))
            .replaceAll("[[$1]]");
    for (Map.Entry<String, T> token : tokens.entrySet()) {
      String key = token.getKey();
      int start = end.length() - key.length();
      if (start >= 0 && end.regionMatches(true, start, key, 0, key.length())) {
        String before = end.substring(0, start);
        String near = before.substring(Math.max(0, before.length() - DOUBT_CHARACTERS));
        long others =
            tokens.entrySet().stream()
                .filter(other -> !other.getValue().equals(token.getValue()))
                .filter(other -> containsIgnoringCase(near, other.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .count();
        boolean tie = token.getValue() == Preference.TIE && others == 2;
        boolean doubtful =
            (others > 0 && !tie && !isOnlyConclusion(before, token, tokens))
                || !Lead.introduces(before)
                || Doubt.before(before)
                || Doubt.quotes(before, behind);
        return doubtful ? null : token.getValue();
      }
    }
    return null;
  }

  /** Whether words of conclusion lead to a sentence, and to none of another value near it. */
  private static <T> boolean isOnlyConclusion(
      String before, Map.Entry<String, T> token, Map<String, T> tokens) {
    if (!isSentence(token.getKey()) || !Lead.concludes(before)) {
      return false;
    }
    int from = Math.max(0, before.length() - DOUBT_CHARACTERS);
    for (Map.Entry<String, T> other : tokens.entrySet()) {
      String key = other.getKey();
      for (int i = from; i + key.length() <= before.length(); i++) {
        if (!other.getValue().equals(token.getValue())
            && before.regionMatches(true, i, key, 0, key.length())
            && Lead.concludes(before.substring(0, i))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isSentence(String token) {
    return Character.isLetter(token.charAt(0)) && token.indexOf(' ') > 0;
  }

  /** Whether a text contains another one in any case. */
  static boolean containsIgnoringCase(String text, String part) {
    for (int i = 0; i + part.length() <= text.length(); i++) {
      if (text.regionMatches(true, i, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }

  /** The text without trailing punctuation, quotes and emphasis. */
  static String undecorated(String text) {
    int end = text.length();
    while (end > 0) {
      int before = end;
      for (String formulaEnd : FORMULA_ENDS) {
        if (text.startsWith(formulaEnd, end - formulaEnd.length())) {
          end -= formulaEnd.length();
        }
      }
      if (end == before && isDecoration(text.charAt(end - 1))) {
        end--;
      }
      if (end == before) {
        break;
      }
    }
    return text.substring(0, end);
  }

  private static boolean isDecoration(char c) {
    return Marks.isSpace(c) || DECORATION.indexOf(c) >= 0;
  }
}
