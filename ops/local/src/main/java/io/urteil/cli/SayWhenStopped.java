package io.urteil.cli;

import java.io.PrintWriter;

/** Prints a line when the process is told to stop (Ctrl-C, SIGTERM) before this is closed. */
final class SayWhenStopped implements AutoCloseable {

  private final Thread hook;

  SayWhenStopped(PrintWriter output, String line) {
    this.hook = new Thread(() -> output.println(line), "say-when-stopped");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is stopping, and the line is being printed.
    }
  }
}
