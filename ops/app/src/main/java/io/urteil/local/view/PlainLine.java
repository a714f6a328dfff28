package io.urteil.local.view;

/** Renders a snapshot as one line of names and values. */
final class PlainLine {

  private PlainLine() {}

  static String render(RunSnapshot run) {
    StringBuilder line = new StringBuilder();
    line.append("step %d/%d".formatted(run.step(), run.steps()));
    line.append("  reward ").append(NumberFormats.decimal(run.meanReward(), 2));
    line.append("  accuracy ").append(NumberFormats.decimal(run.accuracy(), 3));
    line.append("  consistency ").append(NumberFormats.decimal(run.consistency(), 3));
    line.append("  first-preferred ").append(NumberFormats.decimal(run.positionBias(), 3));
    line.append("  length ").append(NumberFormats.decimal(run.responseLength(), 1));
    line.append("  rollouts/s ").append(NumberFormats.rate(run.rolloutsPerSecond()));
    line.append("  lag ").append(NumberFormats.decimal(run.lag(), 0));
    run.shares()
        .ifPresent(
            shares ->
                line.append("  sampling ")
                    .append(NumberFormats.percent(shares.sampling()))
                    .append("  judging ")
                    .append(NumberFormats.percent(shares.judging()))
                    .append("  grouping ")
                    .append(NumberFormats.percent(shares.grouping()))
                    .append("  training ")
                    .append(NumberFormats.percent(shares.training())));
    return line.append("  elapsed ").append(NumberFormats.time(run.elapsed())).toString();
  }
}
