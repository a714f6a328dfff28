package io.urteil.cli.models;

import io.urteil.local.hub.FetchProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The progress of a download: redrawn in place on a terminal, otherwise a line every five seconds.
 * Rate and time left are of this transfer, without the bytes of earlier ones.
 */
final class TransferLine implements FetchProgress, AutoCloseable {

  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;
  private static final double SECOND = 1e9;

  private final PrintWriter out;
  private final String what;
  private final boolean terminal;
  private final LongSupplier clock;
  private long begin;
  private long first = -1;
  private long last;
  private boolean drawn;

  TransferLine(PrintWriter out, String what) {
    this(out, what, System.console() != null && System.console().isTerminal(), System::nanoTime);
  }

  TransferLine(PrintWriter out, String what, boolean terminal, LongSupplier clock) {
    this.out = out;
    this.what = what;
    this.terminal = terminal;
    this.clock = clock;
    this.begin = clock.getAsLong();
    this.last = begin;
  }

  @Override
  public void bytes(long done, long total) {
    long now = clock.getAsLong();
    if (first < 0) {
      first = done;
      begin = now;
    }
    if (now - last < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      return;
    }
    last = now;
    String text = "%s: %s of %s%s".formatted(what, size(done), size(total), rate(done, total, now));
    if (terminal) {
      drawn = true;
      out.print("\r\u001b[K" + text);
      out.flush();
    } else {
      out.println(text);
    }
  }

  private String rate(long done, long total, long now) {
    double seconds = (now - begin) / SECOND;
    double rate = (done - first) / seconds;
    if (!(rate > 0)) {
      return "";
    }
    return ", %s/s, %s left".formatted(size((long) rate), time((total - done) / rate));
  }

  @Override
  public void waiting() {
    out.println(what + ": another process downloads it; waiting");
  }

  /** Bytes in the largest unit below them: {@code 1.2 GB}. */
  static String size(long bytes) {
    double value = bytes;
    String unit = "B";
    for (String larger : new String[] {"kB", "MB", "GB", "TB"}) {
      if (value < 1000) {
        break;
      }
      value /= 1000;
      unit = larger;
    }
    return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
  }

  static String time(double seconds) {
    if (seconds < 90) {
      return String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
    }
    double minutes = seconds / 60;
    return minutes < 90
        ? String.format(Locale.ROOT, "%.0f min", Math.ceil(minutes))
        : String.format(Locale.ROOT, "%.1f h", minutes / 60);
  }

  @Override
  public void close() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
