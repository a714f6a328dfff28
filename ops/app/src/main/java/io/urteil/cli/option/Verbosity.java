package io.urteil.cli.option;

/** Implemented by the top-level command, which has the option {@code --verbose}. */
public interface Verbosity {

  boolean isVerbose();
}
