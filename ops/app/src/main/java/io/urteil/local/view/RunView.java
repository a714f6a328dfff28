package io.urteil.local.view;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;

/** A view of a run on the terminal. Not thread-safe. */
public sealed interface RunView extends AutoCloseable permits LiveView, PlainView {

  /** Shows a newer snapshot. */
  void show(RunSnapshot run);

  /** Prints a permanent line above the redrawn block. */
  void printLine(String line);

  /** Leaves the last state on the terminal. */
  @Override
  void close();

  /**
   * A view on standard output: a live block on a terminal with cursor movement, otherwise one line
   * per step.
   */
  static RunView onStandardOutput() {
    PrintWriter output = new PrintWriter(System.out, false, System.out.charset());
    Map<String, String> environment = System.getenv();
    Console console = System.console();
    boolean terminal =
        environment.containsKey("URTEIL_TERMINAL_WIDTH")
            || (console != null && console.isTerminal());
    if (!terminal || environment.getOrDefault("TERM", "").matches("|dumb")) {
      return new PlainView(output);
    }
    return new LiveView(output, TerminalStyle.of(environment, System.out.charset()));
  }
}
