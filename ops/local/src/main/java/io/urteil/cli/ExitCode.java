package io.urteil.cli;

/** How the command ends; {@code urteil --help} lists these. */
final class ExitCode {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int ENVIRONMENT = 3;
  static final int REFUTED = 4;

  private ExitCode() {}
}
