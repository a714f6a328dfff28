package io.urteil.local.view;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;

/** Where a run is shown. Calls may come from one thread only. */
public sealed interface RunView extends AutoCloseable permits LiveView, PlainView {

  /** Shows a newer snapshot; may be called as often as there is one. */
  void show(RunSnapshot run);

  /** Prints a line that stays, above what is redrawn. */
  void say(String line);

  /** Leaves the last state on the terminal. */
  @Override
  void close();

  /**
   * A view on the process's standard output: live where that is a terminal that can move its
   * cursor, one line a step where it is not.
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
