package io.urteil.local.view;

/** A snapshot as one line that a person or {@code grep} can read. */
final class PlainLine {

  private PlainLine() {}

  static String render(RunSnapshot run) {
    StringBuilder line = new StringBuilder();
    line.append("step %d/%d".formatted(run.step(), run.steps()));
    line.append("  reward ").append(Figures.decimal(run.meanReward(), 2));
    line.append("  accuracy ").append(Figures.decimal(run.accuracy(), 3));
    line.append("  consistency ").append(Figures.decimal(run.consistency(), 3));
    line.append("  first-preferred ").append(Figures.decimal(run.positionBias(), 3));
    line.append("  length ").append(Figures.decimal(run.responseLength(), 1));
    line.append("  rollouts/s ").append(Figures.decimal(run.rolloutsPerSecond(), 0));
    line.append("  lag ").append(Figures.decimal(run.lag(), 0));
    run.shares()
        .ifPresent(
            shares ->
                line.append("  sampling ")
                    .append(Figures.percent(shares.sampling()))
                    .append("  judging ")
                    .append(Figures.percent(shares.judging()))
                    .append("  grouping ")
                    .append(Figures.percent(shares.grouping()))
                    .append("  training ")
                    .append(Figures.percent(shares.training())));
    return line.append("  elapsed ").append(Figures.time(run.elapsed())).toString();
  }
}
