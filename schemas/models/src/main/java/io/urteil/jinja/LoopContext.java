package io.urteil.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop}: iterates over the items and knows the neighbours of the current one.
 * As in Jinja2, an item is read from its iterator only when it is needed.
 */
final class LoopContext {

  private Iterator<Object> items;
  private final Budget budget;
  private long index0 = -1;
  private @Nullable Long length;
  private @Nullable Object before;
  private @Nullable Object current;
  private @Nullable Object after;
  private @Nullable List<Object> lastChanged;

  /**
   * @param length null if it is unknown before the last item
   */
  LoopContext(Iterator<Object> items, @Nullable Long length, Budget budget) {
    this.items = items;
    this.length = length;
    this.budget = budget;
  }

  /** The next item, or null at the end. */
  @Nullable Object advance() {
    Object next = after != null ? after : items.hasNext() ? items.next() : null;
    after = null;
    if (next != null) {
      index0++;
      before = current;
      current = next;
    }
    return next;
  }

  private @Nullable Object peek() {
    if (after == null && items.hasNext()) {
      after = items.next();
    }
    return after;
  }

  long index() {
    return index0 + 1;
  }

  long length() {
    Long known = length;
    if (known == null) {
      List<Object> rest = new ArrayList<>();
      while (items.hasNext()) {
        budget.references(1);
        rest.add(items.next());
      }
      items = rest.iterator();
      known = rest.size() + index() + (after == null ? 0 : 1);
      length = known;
    }
    return known;
  }

  /** An attribute, or null if there is none of this name. */
  @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index();
      case "index0" -> index0;
      case "revindex" -> length() - index0;
      case "revindex0" -> length() - index();
      case "first" -> index0 == 0;
      case "last" -> peek() == null;
      case "length" -> length();
      case "depth" -> 1L;
      case "depth0" -> 0L;
      case "previtem" ->
          before == null || index0 == 0 ? new Values.Undefined("loop.previtem") : before;
      case "nextitem" -> {
        Object next = peek();
        yield next == null ? new Values.Undefined("loop.nextitem") : next;
      }
      case "cycle" -> (Values.Function) this::cycle;
      case "changed" -> (Values.Function) this::changed;
      default -> null;
    };
  }

  private Object cycle(CallArguments arguments) {
    arguments.check("loop.cycle", arguments.named().isEmpty() ? List.of("*") : List.of());
    if (arguments.size() == 0) {
      throw TemplateException.at(arguments.line(), "cycle of no values (expected: at least one)");
    }
    return arguments.positional().get((int) (index0 % arguments.size()));
  }

  private Object changed(CallArguments arguments) {
    arguments.check("loop.changed", arguments.named().isEmpty() ? List.of("*") : List.of());
    List<Object> last = lastChanged;
    lastChanged = arguments.positional();
    return last == null || !Values.areEqual(last, arguments.positional(), budget);
  }
}
