package io.urteil.local.view;

import java.util.ArrayList;
import java.util.List;

/** Renders a snapshot as lines that are not wider than the terminal. */
final class LiveBlock {

  private static final int MAX_BAR = 30;
  private static final int SPARKLINE = 24;
  private static final String GAP = "   ";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private final TerminalStyle style;

  LiveBlock(TerminalStyle style) {
    this.style = style;
  }

  List<String> render(RunSnapshot run) {
    List<String> lines = new ArrayList<>();
    lines.add(progress(run));
    List<Cell> figures = new ArrayList<>();
    figures.add(new Cell("accuracy", NumberFormats.decimal(run.accuracy(), 3)));
    if (run.accuracies().size() > 1) {
      String curve = Sparkline.of(run.accuracies(), SPARKLINE, style.unicode());
      figures.set(0, new Cell("accuracy", NumberFormats.decimal(run.accuracy(), 3) + " " + curve));
    }
    figures.add(new Cell("consistency", NumberFormats.decimal(run.consistency(), 3)));
    figures.add(new Cell("first preferred", NumberFormats.decimal(run.positionBias(), 3)));
    lines.addAll(flow(figures));
    lines.addAll(
        flow(
            List.of(
                new Cell("reward", NumberFormats.decimal(run.meanReward(), 2)),
                new Cell("length", NumberFormats.decimal(run.responseLength(), 1)),
                new Cell("rollouts/s", NumberFormats.rate(run.rolloutsPerSecond())),
                new Cell("lag", NumberFormats.decimal(run.lag(), 0)))));
    run.shares().ifPresent(shares -> lines.addAll(flow(cells(shares))));
    return lines;
  }

  private String progress(RunSnapshot run) {
    String head = "step %d/%d ".formatted(run.step(), run.steps());
    double done = run.step() / (double) run.steps();
    String tail =
        " %s  %s%s"
            .formatted(
                NumberFormats.percent(done),
                NumberFormats.time(run.elapsed()),
                run.remaining().map(left -> ", " + NumberFormats.time(left) + " to go").orElse(""));
    String name = run.run() + "  ";
    int free = style.width() - head.length() - tail.length();
    if (free - name.length() < 5) {
      name = "";
    }
    int bar = Math.min(MAX_BAR, free - name.length());
    if (bar < 5) {
      return truncate(head.strip() + tail);
    }
    int full = (int) Math.round(done * bar);
    String drawn =
        (style.unicode() ? "█" : "#").repeat(full)
            + (style.unicode() ? "░" : ".").repeat(bar - full);
    return name + head + colour(GREEN, drawn) + tail;
  }

  private static List<Cell> cells(RunSnapshot.Shares shares) {
    return List.of(
        new Cell("sampling", NumberFormats.percent(shares.sampling())),
        new Cell("judging", NumberFormats.percent(shares.judging())),
        new Cell("grouping", NumberFormats.percent(shares.grouping())),
        new Cell("training", NumberFormats.percent(shares.training())));
  }

  /** Breaks cells into lines; truncates a cell that is wider than the terminal. */
  private List<String> flow(List<Cell> cells) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int width = 0;
    for (Cell cell : cells) {
      int wider = width + (width == 0 ? 0 : GAP.length()) + cell.width();
      if (width > 0 && wider > style.width()) {
        lines.add(line.toString());
        line.setLength(0);
        width = 0;
        wider = cell.width();
      }
      line.append(width == 0 ? "" : GAP);
      line.append(
          cell.width() > style.width()
              ? truncate(cell.label() + " " + cell.value())
              : colour(DIM, cell.label()) + " " + cell.value());
      width = wider;
    }
    lines.add(line.toString());
    return lines;
  }

  private String truncate(String text) {
    return text.length() <= style.width() ? text : text.substring(0, style.width());
  }

  private String colour(String colour, String text) {
    return style.colour() ? colour + text + PLAIN : text;
  }

  private record Cell(String label, String value) {

    int width() {
      return label.length() + 1 + value.length();
    }
  }
}
