package io.urteil.cli.judging;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --against NAME}: the other judge of a comparison. */
final class AgainstOption {

  @Option(
      names = "--against",
      paramLabel = "NAME",
      description = "The judge of the run to compare with (default: the one its rewards price).")
  private @Nullable String against;

  /** Null for the one that the run's rewards use. */
  @Nullable String judge() {
    return against;
  }
}
