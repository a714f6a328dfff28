package io.urteil.judge.api;

import io.urteil.event.Verdict;
import org.jspecify.annotations.Nullable;

/** What a judge found; what went wrong on the way there is the worker's to say. */
public sealed interface Finding {

  /** What it rests on and what it cost. */
  Evidence evidence();

  /**
   * A verdict.
   *
   * @param text what the verdict was read from, where that is not the rollout's own text
   */
  record Scored(Verdict verdict, @Nullable String text, Evidence evidence) implements Finding {

    /** A verdict by rule. */
    public Scored(Verdict verdict, @Nullable String text) {
      this(verdict, text, Evidence.NONE);
    }
  }

  /** The judge declines to say, and why. */
  record Abstained(String reason, Evidence evidence) implements Finding {

    /** By rule. */
    public Abstained(String reason) {
      this(reason, Evidence.NONE);
    }
  }

  /**
   * No verdict could be read from this text.
   *
   * @param fault what was wrong with it, as in {@code Judgement.fault}; null when the judge does
   *     not tell
   */
  record Unparseable(String text, @Nullable String fault, Evidence evidence) implements Finding {

    /** By rule. */
    public Unparseable(String text) {
      this(text, null, Evidence.NONE);
    }

    /** By rule, telling what was wrong. */
    public Unparseable(String text, @Nullable String fault) {
      this(text, fault, Evidence.NONE);
    }
  }

  /** This member of a group could not be looked at, others could; no trying again helps. */
  record Failed(String error, Evidence evidence) implements Finding {}
}
