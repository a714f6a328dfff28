package io.urteil.cli.option;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Base class of subcommands: access to output, arguments and global options. */
public abstract class UrteilSubcommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  /** Standard output, or its replacement in a test. */
  protected PrintWriter output() {
    return spec().commandLine().getOut();
  }

  /** Standard error, or its replacement in a test. */
  protected PrintWriter errors() {
    return spec().commandLine().getErr();
  }

  /** The original arguments, starting with the name of the subcommand. */
  protected List<String> commandLine() {
    return spec().root().commandLine().getParseResult().originalArgs();
  }

  /** Whether {@code --verbose} is given, before or after the name of the subcommand. */
  protected boolean verbose() {
    return spec().root().userObject() instanceof Verbosity top && top.isVerbose();
  }

  /** Prints a warning on standard error. */
  protected void warn(String message) {
    errors().println("urteil: " + message);
  }

  /** A usage error that the parser cannot detect. */
  protected ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "spec");
  }
}
