package io.urteil.judge;

import io.urteil.event.Verdict;
import org.jspecify.annotations.Nullable;

/** What a judge found; what went wrong on the way there is the worker's to say. */
public sealed interface Finding {

  /**
   * A verdict.
   *
   * @param text what the verdict was read from, where that is not the rollout's own text
   */
  record Scored(Verdict verdict, @Nullable String text) implements Finding {}

  /** The judge declines to say, and why. */
  record Abstained(String reason) implements Finding {}

  /** No verdict could be read from this text. */
  record Unparseable(String text) implements Finding {}
}
