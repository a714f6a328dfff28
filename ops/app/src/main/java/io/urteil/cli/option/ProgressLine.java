package io.urteil.cli.option;

import java.io.PrintWriter;

/** A running count: redrawn in place on a terminal, otherwise a line every five seconds. */
public final class ProgressLine implements AutoCloseable {

  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final String what;
  private final boolean terminal;
  private final long begin = System.nanoTime();
  private long last = begin;
  private long count;

  public ProgressLine(PrintWriter out, String what) {
    this.out = out;
    this.what = what;
    this.terminal = System.console() != null && System.console().isTerminal();
  }

  public void show(long now) {
    count = now;
    if (System.nanoTime() - last >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      last = System.nanoTime();
      print();
    }
  }

  private void print() {
    double seconds = (System.nanoTime() - begin) / 1e9;
    String text = "%,d %s, %,.0f/s".formatted(count, what, count / seconds);
    if (terminal) {
      out.print("\r\u001b[K" + text);
      out.flush();
    } else {
      out.println(text);
    }
  }

  @Override
  public void close() {
    if (terminal) {
      print();
      out.println();
    }
  }
}
