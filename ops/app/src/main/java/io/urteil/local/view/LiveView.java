package io.urteil.local.view;

import java.io.PrintWriter;
import java.util.List;

/** A block at the bottom of the terminal, redrawn in place with ANSI cursor movements. */
final class LiveView implements RunView {

  private static final String ERASE_TO_THE_END = "\u001b[J";
  private static final String ERASE_THE_LINE = "\u001b[2K";

  private final PrintWriter output;
  private final LiveBlock block;
  private List<String> drawn = List.of();

  LiveView(PrintWriter output, TerminalStyle style) {
    this.output = output;
    this.block = new LiveBlock(style);
  }

  @Override
  public void show(RunSnapshot run) {
    draw(block.render(run));
  }

  @Override
  public void printLine(String line) {
    List<String> below = drawn;
    moveToTop();
    output.print(ERASE_TO_THE_END + line + "\n");
    drawn = List.of();
    draw(below);
  }

  @Override
  public void close() {
    output.flush();
  }

  private void draw(List<String> lines) {
    moveToTop();
    lines.forEach(line -> output.print(ERASE_THE_LINE + line + "\n"));
    output.print(ERASE_TO_THE_END);
    output.flush();
    drawn = lines;
  }

  private void moveToTop() {
    if (!drawn.isEmpty()) {
      output.print("\u001b[" + drawn.size() + "A\r");
    }
  }
}
