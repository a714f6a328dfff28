package io.urteil.judges.answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of the last {@code \boxed{}} of a text. Boxes that one sentence joins by commas,
 * "and" or "or" are a list: {@code \boxed{4} and \boxed{-9}} is {@code 4; -9}. A box that another
 * sentence or a step of reasoning separates from the last is a draft.
 */
final class Boxes {

  /** The start of a box. */
  static final Pattern OPEN = Pattern.compile("\\\\f?boxed\\s*+\\{");

  /** More boxes than this are not a list; the last one counts. */
  private static final int MAX_BOXES = 50;

  private static final int LONGEST_JOINT = 60;

  private static final String WORDS =
      "(?:(?!(?i:so|thus|hence|then|therefore|which|because|since|no|not|wait|final|answer|instead|"
          + "actually|equals?|is equal|simplif\\w*|reduces|i\\.e|check|correct\\w*|rather|but)\\b)"
          + "[A-Za-z]++[ ~]?+)";

  /** What may stand between two boxes of a list, with the name of the second value at its end. */
  private static final Pattern JOINT =
      Pattern.compile(
          "\\s?\\$?\\$?[)\\]}]?\\s?(?:,|;|\\\\quad|\\\\text\\{\\s?(?:and|or)\\s?\\}|and\\b|or\\b|&)"
              + "(?:[\\s,;~]|\\\\quad|\\\\text\\{\\s?(?:and|or)\\s?\\}|\\\\[ ,;:!])*+"
              + "(?:"
              + WORDS
              + "){0,6}[\\s$:]*+"
              + "(?<name>[A-Za-z](?:_\\{?\\w{1,3}\\}?)?\\s?=)?[\\s$]*+");

  private static final Pattern NAME =
      Pattern.compile("(?<![A-Za-z\\\\])([A-Za-z](?:_\\{?\\w{1,3}\\}?)?)\\s?=[\\s$]{0,3}$");

  private Boxes() {}

  /** A box: where its command begins, and where its content begins and ends. */
  private record Box(int from, int start, int end) {}

  /** The content of the last box or list of boxes; empty without a box or with an empty one. */
  static Optional<String> last(String text) {
    Deque<Box> boxes = boxes(text);
    if (boxes.isEmpty()) {
      return Optional.empty();
    }
    Deque<Box> list = new ArrayDeque<>(List.of(boxes.removeLast()));
    while (!boxes.isEmpty() && joins(text, boxes.getLast(), list.getFirst())) {
      list.addFirst(boxes.removeLast());
    }
    boolean named = list.size() > 1 && name(text, list.getLast()) != null;
    return nonBlank(String.join("; ", named ? withNames(text, list) : contents(text, list)));
  }

  private static Deque<Box> boxes(String text) {
    Deque<Box> boxes = new ArrayDeque<>();
    Matcher matcher = OPEN.matcher(text);
    int from = 0;
    while (matcher.find(from)) {
      int end = FinalAnswer.closingBrace(text, matcher.end());
      if (end == text.length()) {
        return unclosed(text, matcher);
      }
      boxes.addLast(new Box(matcher.start(), matcher.end(), end));
      if (boxes.size() > MAX_BOXES) {
        boxes.removeFirst();
      }
      from = Math.max(matcher.end(), end);
    }
    return boxes;
  }

  /** The last box from a match on whose box is not closed: an unfinished draft hides no answer. */
  private static Deque<Box> unclosed(String text, Matcher matcher) {
    int from = matcher.start();
    int start = matcher.end();
    while (matcher.find()) {
      from = matcher.start();
      start = matcher.end();
    }
    return new ArrayDeque<>(List.of(new Box(from, start, FinalAnswer.closingBrace(text, start))));
  }

  private static boolean joins(String text, Box earlier, Box later) {
    int from = Math.min(text.length(), earlier.end() + 1);
    if (later.from() < from || later.from() - from > LONGEST_JOINT) {
      return false;
    }
    return JOINT.matcher(text.substring(from, later.from())).matches();
  }

  private static String content(String text, Box box) {
    return text.substring(box.start(), box.end()).strip();
  }

  /** The letter of {@code x = \boxed{4}}; null without one. */
  private static @Nullable String name(String text, Box box) {
    String before = text.substring(Math.max(0, box.from() - 20), box.from());
    Matcher matcher = NAME.matcher(before);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static List<String> withNames(String text, Collection<Box> list) {
    List<String> named = new ArrayList<>();
    for (Box box : list) {
      String content = content(text, box);
      String name = content.indexOf('=') < 0 ? name(text, box) : null;
      named.add(name == null ? content : name + " = " + content);
    }
    return named;
  }

  private static Set<String> contents(String text, Collection<Box> list) {
    Set<String> contents = new LinkedHashSet<>();
    list.forEach(box -> contents.add(content(text, box)));
    return contents;
  }

  private static Optional<String> nonBlank(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text.strip());
  }
}
