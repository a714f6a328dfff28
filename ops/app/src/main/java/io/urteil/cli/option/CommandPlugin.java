package io.urteil.cli.option;

/**
 * A command that another module adds to the command line. Found by {@link java.util.ServiceLoader}
 * when its jar is on the class path.
 */
public interface CommandPlugin {

  /** An object with picocli's annotation {@code @Command}. */
  Object command();
}
