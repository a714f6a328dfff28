package io.urteil.cli.option;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * A running count: redrawn in place on a terminal, otherwise a line every five seconds. With a
 * known total it has the rate a minute and the time left, such as {@code 12 of 40 judged, 21/min,
 * 1:20 left}, otherwise the rate a second.
 */
public final class ProgressLine implements AutoCloseable {

  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final String what;
  private final long total;
  private final boolean terminal;
  private final long begin = System.nanoTime();
  private long last = begin;
  private long count;
  private long before = -1;

  /** A count without a known total. */
  public ProgressLine(PrintWriter out, String what) {
    this(out, what, 0);
  }

  /**
   * @param total the last count; 0 if it is not known
   */
  public ProgressLine(PrintWriter out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = total;
    this.terminal = System.console() != null && System.console().isTerminal();
  }

  public void show(long now) {
    count = now;
    before = before < 0 ? now : before;
    if (System.nanoTime() - last >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      last = System.nanoTime();
      print();
    }
  }

  private void print() {
    double seconds = (System.nanoTime() - begin) / 1e9;
    String text =
        total > 0
            ? text(what, count, total, count - Math.max(0, before), seconds)
            : "%,d %s, %,.0f/s".formatted(count, what, count / seconds);
    if (terminal) {
      out.print("\r\u001b[K" + text);
      out.flush();
    } else {
      out.println(text);
    }
  }

  /**
   * @param done the part of the count that was counted in these seconds
   */
  static String text(String what, long count, long total, long done, double seconds) {
    String text = "%,d of %,d %s".formatted(count, total, what);
    if (done <= 0) {
      return text;
    }
    double rate = 60 * done / seconds;
    long left = Math.round((total - count) * seconds / done);
    return "%s, %s/min%s"
        .formatted(
            text,
            rate < 10
                ? String.format(Locale.ROOT, "%.1f", rate)
                : String.format(Locale.ROOT, "%,.0f", rate),
            count >= total ? "" : ", " + time(left) + " left");
  }

  private static String time(long seconds) {
    long hours = seconds / 3600;
    return hours > 0
        ? "%d:%02d:%02d".formatted(hours, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  @Override
  public void close() {
    if (terminal) {
      print();
      out.println();
    }
  }
}
