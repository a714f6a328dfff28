package io.urteil.local.view;

import java.io.PrintWriter;

/** One line a step, for files, pipes and continuous integration. */
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
      say(PlainLine.render(run));
    }
  }

  @Override
  public void say(String line) {
    output.println(line);
    output.flush();
  }

  @Override
  public void close() {
    output.flush();
  }
}
