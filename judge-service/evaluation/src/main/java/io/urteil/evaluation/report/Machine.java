package io.urteil.evaluation.report;

/** The machine of a report. */
public final class Machine {

  private Machine() {}

  /** Architecture, number of processors and Java version of this process. */
  public static String description() {
    return "%s, %d processors, Java %s"
        .formatted(
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version());
  }
}
