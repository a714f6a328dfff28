package io.urteil.cli.option;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every subcommand can ask for. */
public abstract class UrteilSubcommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  /** Standard output, or what a test put in its place. */
  protected PrintWriter output() {
    return spec().commandLine().getOut();
  }

  /** The arguments as they were given, the subcommand's name first. */
  protected List<String> commandLine() {
    return spec().root().commandLine().getParseResult().originalArgs();
  }

  /** Whether {@code --verbose} was given, before or after the subcommand's name. */
  protected boolean verbose() {
    return spec().root().userObject() instanceof Verbosity top && top.isVerbose();
  }

  /** Says on standard error what deserves attention and stops nothing. */
  protected void warn(String message) {
    spec().commandLine().getErr().println("urteil: " + message);
  }

  /** A mistake in the arguments that the parser itself does not see. */
  protected ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "spec");
  }
}
