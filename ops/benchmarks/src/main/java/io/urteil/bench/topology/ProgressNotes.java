package io.urteil.bench.topology;

import java.util.Locale;
import java.util.function.Consumer;

/** Says what is going on, with the seconds since the beginning. Used by one thread. */
final class ProgressNotes {

  private static final long PAUSE_NANOS = 5_000_000_000L;

  private final Consumer<String> lines;
  private final long begin = System.nanoTime();
  private long said = begin;

  ProgressNotes(Consumer<String> lines) {
    this.lines = lines;
  }

  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  void say(String format, Object... values) {
    said = System.nanoTime();
    lines.accept(
        String.format(Locale.ROOT, "%5.0f s  ", seconds())
            + String.format(Locale.ROOT, format, values));
  }

  /** As {@link #say}, but not more often than every five seconds. */
  void sayNowAndThen(String format, Object... values) {
    if (System.nanoTime() - said > PAUSE_NANOS) {
      say(format, values);
    }
  }
}
