package io.urteil.cli.option;

import io.urteil.event.Namespace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code RUN}: the run that a command reads. */
public final class RunParameter {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Id of the run (default: the only run in the topics).")
  private @Nullable String run;

  /**
   * The named run, or the only run in the topics.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException if no broker answers
   * @throws IllegalArgumentException if no run is named and the topics do not contain exactly one
   */
  public String in(Namespace namespace) {
    return TopicSourceOptions.runOf(namespace, run);
  }
}
