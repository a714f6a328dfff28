package io.urteil.cli.option;

/** The top-level command, which carries {@code --verbose}. */
public interface Verbosity {

  boolean isVerbose();
}
