package io.urteil.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a judge in this process on a pair in one order.
 *
 * @param pair id of the comparison
 * @param order presented order of the candidates, {@code AB} or {@code BA}
 * @param better the better candidate according to the benchmark
 * @param said the judge's verdict; A is the first candidate of the benchmark, independent of the
 *     presented order
 * @param scores the model's scores of the candidates, in the order of the benchmark; null elements
 *     without a score
 * @param text the model's response; null without one
 * @param error the error of a failed judge; null otherwise
 */
public record DirectVerdict(
    String pair,
    String order,
    Choice better,
    Choice said,
    List<@Nullable Double> scores,
    @Nullable String text,
    @Nullable String error) {

  /** A verdict on a pair, or the status without one. */
  public enum Choice {
    A,
    B,
    TIE,
    UNPARSEABLE,
    ABSTAINED,
    FAILED;

    /** The label in files of recorded verdicts. */
    public String label() {
      return switch (this) {
        case A, B -> name();
        case TIE, UNPARSEABLE, ABSTAINED, FAILED -> name().toLowerCase(Locale.ROOT);
      };
    }

    /** Whether the verdicts prefer different candidates. */
    public boolean isReverseOf(Choice other) {
      return (this == A && other == B) || (this == B && other == A);
    }
  }

  public DirectVerdict {
    scores = Collections.unmodifiableList(new ArrayList<>(scores));
  }
}
