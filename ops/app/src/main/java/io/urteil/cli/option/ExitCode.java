package io.urteil.cli.option;

/** Exit codes of the commands; {@code urteil --help} lists them. */
public final class ExitCode {

  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  static final int ENVIRONMENT = 3;
  public static final int REFUTED = 4;

  private ExitCode() {}
}
