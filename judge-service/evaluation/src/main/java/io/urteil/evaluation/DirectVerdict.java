package io.urteil.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a judge that was asked directly said about a pair in one order.
 *
 * @param pair id of the comparison
 * @param order in which the candidates were shown, {@code AB} or {@code BA}
 * @param better what the benchmark holds to be right
 * @param said what the judge said; A is the benchmark's first candidate, whatever was shown first
 * @param scores what the judge's model gave the candidates, in the benchmark's order; null for one
 *     without a score
 * @param text what the model wrote; null when it wrote nothing
 * @param error why the judge failed; null unless it did
 */
public record DirectVerdict(
    String pair,
    String order,
    Said better,
    Said said,
    List<@Nullable Double> scores,
    @Nullable String text,
    @Nullable String error) {

  /** A verdict on a pair, or what there is instead of one. */
  public enum Said {
    A,
    B,
    TIE,
    UNPARSEABLE,
    ABSTAINED,
    FAILED;

    /** As files of recorded verdicts spell it. */
    public String spelling() {
      return switch (this) {
        case A, B -> name();
        case TIE, UNPARSEABLE, ABSTAINED, FAILED -> name().toLowerCase(Locale.ROOT);
      };
    }

    /** Whether the two name different candidates. */
    public boolean isReverseOf(Said other) {
      return (this == A && other == B) || (this == B && other == A);
    }
  }

  public DirectVerdict {
    scores = Collections.unmodifiableList(new ArrayList<>(scores));
  }
}
