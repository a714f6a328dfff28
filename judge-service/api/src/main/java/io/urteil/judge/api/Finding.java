package io.urteil.judge.api;

import io.urteil.event.Verdict;
import org.jspecify.annotations.Nullable;

/** The result of a judge; the worker reports failures. */
public sealed interface Finding {

  /** The evidence and its cost. */
  Evidence evidence();

  /**
   * A verdict.
   *
   * @param text the text with the verdict, if it is not the rollout's own text
   */
  record Scored(Verdict verdict, @Nullable String text, Evidence evidence) implements Finding {

    /** A verdict by rule. */
    public Scored(Verdict verdict, @Nullable String text) {
      this(verdict, text, Evidence.NONE);
    }
  }

  /** The judge abstains, with the reason. */
  record Abstained(String reason, Evidence evidence) implements Finding {

    /** By rule. */
    public Abstained(String reason) {
      this(reason, Evidence.NONE);
    }
  }

  /**
   * The text is unreadable.
   *
   * @param fault the fault, as in {@code Judgement.fault}; null if the judge does not report one
   */
  record Unparseable(String text, @Nullable String fault, Evidence evidence) implements Finding {

    /** By rule. */
    public Unparseable(String text) {
      this(text, null, Evidence.NONE);
    }

    /** By rule, with the fault. */
    public Unparseable(String text, @Nullable String fault) {
      this(text, fault, Evidence.NONE);
    }
  }

  /** This member of a group cannot be judged, but others can; a retry does not help. */
  record Failed(String error, Evidence evidence) implements Finding {}
}
