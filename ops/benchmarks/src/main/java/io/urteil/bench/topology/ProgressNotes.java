package io.urteil.bench.topology;

import java.util.Locale;
import java.util.function.Consumer;

/** Reports progress in lines with the elapsed seconds. Not thread-safe. */
final class ProgressNotes {

  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private final Consumer<String> lines;
  private final long begin = System.nanoTime();
  private long lastReport = begin;

  ProgressNotes(Consumer<String> lines) {
    this.lines = lines;
  }

  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  void report(String format, Object... values) {
    lastReport = System.nanoTime();
    lines.accept(
        String.format(Locale.ROOT, "%5.0f s  ", seconds())
            + String.format(Locale.ROOT, format, values));
  }

  /** As {@link #report}, but at most every five seconds. */
  void reportPeriodically(String format, Object... values) {
    if (System.nanoTime() - lastReport > INTERVAL_NANOS) {
      report(format, values);
    }
  }
}
