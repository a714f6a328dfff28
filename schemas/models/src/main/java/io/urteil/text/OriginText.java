package io.urteil.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Text with the {@link Origin} of each character and, within a conversation, the index of its
 * message. Both are preserved from the judge prompt through the chat template to the token ids, in
 * every operation of a template: slices, splits, trims, joins, replacements. Texts are equal if
 * their characters are equal, independent of origins. Immutable.
 */
public final class OriginText implements Comparable<OriginText> {

  /** The message index of text outside of messages, such as text of the chat template. */
  public static final int NO_MESSAGE = -1;

  public static final OriginText EMPTY = new OriginText("", new int[0]);

  private static final Origin[] ORIGINS = Origin.values();
  private static final int ORIGIN_BITS = 4;

  /**
   * A maximal run of characters of one origin and message.
   *
   * @param message index in the conversation; {@link #NO_MESSAGE} outside of messages
   */
  public record Run(String text, Origin origin, int message) {}

  private final String text;
  private final int[] marks;

  private OriginText(String text, int[] marks) {
    this.text = text;
    this.marks = marks;
  }

  private static OriginText marked(String text, int mark) {
    int[] marks = new int[text.length()];
    if (mark != 0) {
      Arrays.fill(marks, mark);
    }
    return new OriginText(text, marks);
  }

  private static int mark(Origin origin, int message) {
    return (message + 1) << ORIGIN_BITS | origin.ordinal();
  }

  /** A text of one origin. */
  public static OriginText of(String text, Origin origin) {
    return marked(text, mark(origin, NO_MESSAGE));
  }

  /** A text of a template. */
  public static OriginText template(String text) {
    return of(text, Origin.TEMPLATE);
  }

  /** The concatenation of texts. */
  public static OriginText join(List<OriginText> parts) {
    Builder all = new Builder();
    parts.forEach(all::append);
    return all.build();
  }

  /** The same text as the message with this index. */
  public OriginText inMessage(int message) {
    int[] moved = new int[marks.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = mark(ORIGINS[marks[i] & ((1 << ORIGIN_BITS) - 1)], message);
    }
    return new OriginText(text, moved);
  }

  /** The origin of the first untrusted character; that of a template if there is none. */
  public Origin leastTrusted() {
    for (int mark : marks) {
      Origin origin = ORIGINS[mark & ((1 << ORIGIN_BITS) - 1)];
      if (!origin.isTrusted()) {
        return origin;
      }
    }
    return Origin.TEMPLATE;
  }

  /** Number of characters (UTF-16 code units). */
  public int length() {
    return text.length();
  }

  /** The non-empty runs of the text, in order. */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= marks.length; i++) {
      if (i == marks.length || marks[i] != marks[start]) {
        Origin origin = ORIGINS[marks[start] & ((1 << ORIGIN_BITS) - 1)];
        int message = (marks[start] >> ORIGIN_BITS) - 1;
        runs.add(new Run(text.substring(start, i), origin, message));
        start = i;
      }
    }
    return runs;
  }

  /**
   * This text with U+FFFD instead of lone surrogates, which have no encoding. The halves of a pair
   * with two origins are lone surrogates, so that no origin changes the text of another.
   */
  public OriginText wellFormed() {
    StringBuilder formed = new StringBuilder();
    for (Run run : runs()) {
      run.text()
          .codePoints()
          .map(c -> isSurrogate(c) ? 0xFFFD : c)
          .forEach(formed::appendCodePoint);
    }
    return new OriginText(formed.toString(), marks);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** The characters from one index to before another. */
  public OriginText slice(int from, int to) {
    return from == 0 && to == text.length()
        ? this
        : new OriginText(text.substring(from, to), Arrays.copyOfRange(marks, from, to));
  }

  /** The concatenation of this text and the other one. */
  public OriginText plus(OriginText other) {
    return new Builder().append(this).append(other).build();
  }

  /** Strips the characters in {@code chars}, or white space if it is null. */
  public OriginText strip(@Nullable String chars, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && strips(chars, text.charAt(from))) {
      from++;
    }
    while (right && to > from && strips(chars, text.charAt(to - 1))) {
      to--;
    }
    return slice(from, to);
  }

  /** Replaces the first {@code most} occurrences; all of them if it is negative. */
  public OriginText replace(String old, OriginText by, long most) {
    Builder result = new Builder();
    int from = 0;
    long done = 0;
    while (done != most) {
      int found = text.indexOf(old, from);
      if (found < 0 || found + old.length() > text.length()) {
        break;
      }
      int end = old.isEmpty() ? Math.min(found + 1, text.length()) : found;
      if (old.isEmpty()) {
        result.append(by).append(slice(found, end));
        if (found == text.length()) {
          return result.build();
        }
        from = end;
      } else {
        result.append(slice(from, found)).append(by);
        from = found + old.length();
      }
      done++;
    }
    return result.append(slice(from, text.length())).build();
  }

  /** Number of occurrences of a part that do not overlap; 0 of an empty one. */
  public int count(String part) {
    int count = 0;
    if (!part.isEmpty()) {
      for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
        count++;
      }
    }
    return count;
  }

  /** Number of words between white space. */
  public int wordCount() {
    int count = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = isSpace(text.charAt(i));
      count += !space && !inWord ? 1 : 0;
      inWord = !space;
    }
    return count;
  }

  /** Splits at a separator from the left, at most {@code most} times; no limit if negative. */
  public List<OriginText> split(String separator, long most) {
    List<OriginText> parts = new ArrayList<>();
    int from = 0;
    for (int found = text.indexOf(separator);
        found >= 0 && (most < 0 || parts.size() < most);
        found = text.indexOf(separator, from)) {
      parts.add(slice(from, found));
      from = found + separator.length();
    }
    parts.add(slice(from, text.length()));
    return parts;
  }

  /** Splits at a separator from the right. */
  public List<OriginText> splitFromRight(String separator, long most) {
    List<OriginText> parts = new ArrayList<>();
    int to = text.length();
    while (most < 0 || parts.size() < most) {
      int found =
          to < separator.length() ? -1 : text.lastIndexOf(separator, to - separator.length());
      if (found < 0) {
        break;
      }
      parts.add(slice(found + separator.length(), to));
      to = found;
    }
    parts.add(slice(0, to));
    return parts.reversed();
  }

  /** Splits at white space, without empty parts at the ends; at most {@code most} times. */
  public List<OriginText> words(long most) {
    List<OriginText> words = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        return words;
      }
      if (most >= 0 && words.size() == most) {
        words.add(slice(at, text.length()).strip(null, false, true));
        return words;
      }
      int start = at;
      while (at < text.length() && !isSpace(text.charAt(at))) {
        at++;
      }
      words.add(slice(start, at));
    }
  }

  /** Maps each code point; the result has its origin. */
  public OriginText mapped(IntFunction<String> change) {
    Builder result = new Builder();
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      result.append(marked(change.apply(text.codePointAt(i)), marks[i]));
    }
    return result.build();
  }

  /** The code points in reverse order. */
  public OriginText reversed() {
    Builder result = new Builder();
    for (int end = text.length(); end > 0; ) {
      int start = text.offsetByCodePoints(end, -1);
      result.append(slice(start, end));
      end = start;
    }
    return result.build();
  }

  /** Whether the character is white space as defined by Python's {@code str.isspace}. */
  public static boolean isSpace(char c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  private static boolean strips(@Nullable String chars, char c) {
    return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
  }

  @Override
  public int compareTo(OriginText other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OriginText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** Concatenates texts with their origins. */
  public static final class Builder {

    private final StringBuilder text = new StringBuilder();
    private int[] marks = new int[64];

    /** Appends a text. */
    public Builder append(OriginText part) {
      int length = text.length();
      int grown = length + part.length();
      if (grown > marks.length) {
        marks = Arrays.copyOf(marks, Math.max(2 * marks.length, grown));
      }
      System.arraycopy(part.marks, 0, marks, length, part.length());
      text.append(part.text);
      return this;
    }

    /** Whether nothing, or a line break, is the last text so far. */
    public boolean isAtLineStart() {
      return text.isEmpty() || text.charAt(text.length() - 1) == '\n';
    }

    /** The concatenation of all appended texts. */
    public OriginText build() {
      return new OriginText(text.toString(), Arrays.copyOf(marks, text.length()));
    }
  }
}
