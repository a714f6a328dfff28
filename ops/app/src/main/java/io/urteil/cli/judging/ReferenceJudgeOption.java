package io.urteil.cli.judging;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --reference-judge NAME}: the judge of the run that another judge is compared with. */
final class ReferenceJudgeOption {

  @Option(
      names = "--reference-judge",
      paramLabel = "NAME",
      description = "Judge of the run to compare with (default: its primary judge).")
  private @Nullable String name;

  /** Null for the primary judge of the run. */
  @Nullable String name() {
    return name;
  }
}
