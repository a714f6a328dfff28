package io.urteil.local.view;

import java.io.PrintWriter;

/** Prints one line per step, for files, pipes and continuous integration. */
final class PlainView implements RunView {

  private final PrintWriter output;
  private int lastStep = -1;

  PlainView(PrintWriter output) {
    this.output = output;
  }

  @Override
  public void show(RunSnapshot run) {
    if (run.step() > lastStep) {
      lastStep = run.step();
      printLine(PlainLine.render(run));
    }
  }

  @Override
  public void printLine(String line) {
    output.println(line);
    output.flush();
  }

  @Override
  public void close() {
    output.flush();
  }
}
