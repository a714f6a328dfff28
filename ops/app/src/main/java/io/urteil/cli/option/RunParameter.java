package io.urteil.cli.option;

import io.urteil.event.Namespace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code RUN}: which run a command reads. */
public final class RunParameter {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Id of the run (default: the only one on the log).")
  private @Nullable String run;

  /**
   * The run that was named, or the only one there is.
   *
   * @throws io.urteil.event.BrokerUnreachableException when no broker answers
   * @throws IllegalArgumentException when none was named and there is not exactly one
   */
  public String in(Namespace place) {
    return TopicSourceOptions.runOf(place, run);
  }
}
