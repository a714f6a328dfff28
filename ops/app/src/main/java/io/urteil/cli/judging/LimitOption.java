package io.urteil.cli.judging;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --limit N}: only the first items. */
public final class LimitOption {

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N items (default: all).")
  private @Nullable Integer limit;

  /**
   * The number of items; null for all.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public @Nullable Integer items() {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit: %d (expected: at least 1)".formatted(limit));
    }
    return limit;
  }
}
