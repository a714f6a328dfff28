package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.Collection;
import java.util.Map;

/**
 * The work that one rendering may do, so that no template runs without end or exhausts the memory:
 * units of work, characters of output, and levels of nesting. The limits grow with the size of the
 * variables; those of a template that reads each message a hundred times are never reached.
 *
 * <p>{@link Evaluator} charges each expression and each statement. An operation whose time or
 * result may exceed the size of its operands charges the difference before it does the work. One
 * unit is about the copy of one character. Not thread-safe.
 */
final class Budget {

  /** Units of one expression or statement. */
  private static final int STEP = 4;

  /** Units of one turn of a loop, or of one call of a macro. */
  private static final int TURN = 64;

  /** Units of an item that an operation creates. */
  private static final int ITEM = 16;

  /** Characters that a search compares in the time of one unit. */
  private static final int COMPARED_AT_ONCE = 16;

  private static final long WORK_MIN = 32_000_000;
  private static final long WORK_PER_INPUT = 100;
  private static final long OUTPUT_MIN = 2_000_000;
  private static final long OUTPUT_PER_INPUT = 8;
  private static final int DEPTH_MAX = 400;
  private static final int VALUE_DEPTH_MAX = 100;

  private final long workMax;
  private final long outputMax;
  private long work;
  private long output;
  private int depth;
  private int valueDepth;
  private int line = 1;

  /**
   * A budget for variables of a size.
   *
   * @param input characters of all texts, and {@link #TURN} for each other value
   */
  private Budget(long input) {
    this.workMax = WORK_MIN + WORK_PER_INPUT * input;
    this.outputMax = OUTPUT_MIN + OUTPUT_PER_INPUT * input;
  }

  /**
   * The budget of a rendering with these variables.
   *
   * @throws TemplateException if they nest too deeply
   */
  static Budget of(Map<String, ?> variables) {
    return new Budget(size(variables, 0));
  }

  private static long size(Object value, int depth) {
    if (depth > VALUE_DEPTH_MAX) {
      throw new TemplateException(
          "the variables of the template nest more than %d levels deep".formatted(VALUE_DEPTH_MAX));
    }
    long size = TURN;
    switch (value) {
      case CharSequence text -> size += text.length();
      case OriginText text -> size += text.length();
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          size += size(String.valueOf(entry.getKey()), depth + 1);
          size += entry.getValue() == null ? TURN : size(entry.getValue(), depth + 1);
        }
      }
      case Collection<?> items -> {
        for (Object item : items) {
          size += item == null ? TURN : size(item, depth + 1);
        }
      }
      default -> {}
    }
    return size;
  }

  /** The line of the last step, for messages. */
  int line() {
    return line;
  }

  /** Begins a step in a line; {@link #leave} ends it. */
  void enter(int stepLine) {
    line = stepLine;
    enter();
  }

  /** Begins a step inside the last one; {@link #leave} ends it. */
  void enter() {
    if (++depth > DEPTH_MAX) {
      throw refused("nests more than %d levels deep".formatted(DEPTH_MAX));
    }
    spend(STEP);
  }

  void leave() {
    depth--;
  }

  /** Begins a visit of a value inside another; {@link #leaveValue} ends it. */
  void enterValue() {
    if (++valueDepth > VALUE_DEPTH_MAX) {
      throw refused("nests values more than %d levels deep".formatted(VALUE_DEPTH_MAX));
    }
    spend(STEP);
  }

  void leaveValue() {
    valueDepth--;
  }

  /** A turn of a loop, or a call of a macro. */
  void turn() {
    spend(TURN);
  }

  /** References to items that exist. */
  void references(long count) {
    spend(count);
  }

  /** New items in a list or a mapping. */
  void items(long count) {
    spend(ITEM * Math.min(count, workMax));
  }

  /** New characters in a text. */
  void characters(long count) {
    spend(count);
  }

  /** New characters, each of which needs a call. */
  void mappedCharacters(long count) {
    spend(ITEM * Math.min(count, workMax));
  }

  /** A search for a part in a text, which in the worst case compares the part at each place. */
  void search(OriginText text, int partLength) {
    spend(text.length() * (1L + partLength / COMPARED_AT_ONCE));
  }

  /** Characters of the output. */
  void output(long characters) {
    output += characters;
    if (output > outputMax) {
      throw refused("writes more than %d characters".formatted(outputMax));
    }
    spend(characters);
  }

  private void spend(long units) {
    work += Math.min(units, workMax + 1);
    if (work > workMax) {
      throw refused("does more than %d units of work".formatted(workMax));
    }
  }

  private TemplateException refused(String what) {
    return TemplateException.at(line, "the template %s".formatted(what));
  }
}
