package io.urteil.evaluation.measure;

import org.jspecify.annotations.Nullable;

/**
 * The lengths of one text that a judge wrote for a verdict.
 *
 * @param source the slice of the comparison
 * @param verdict the kind of the verdict that the text was aggregated to
 * @param tokens completion tokens
 * @param thoughtCharacters characters of the thought; null for a text without a closed thought
 */
public record WrittenResponse(
    String source, Kind verdict, int tokens, @Nullable Integer thoughtCharacters) {

  /** The kind of a verdict. */
  public enum Kind {
    /** Equal to the label, or the correct candidate alone. */
    RIGHT,
    /** Any other readable verdict. */
    WRONG,
    /** No readable verdict. */
    NONE;

    /** The kind of this verdict. */
    public static Kind of(Comparison comparison, ComparisonVerdict verdict) {
      return EvaluationResult.isRightAlone(comparison, verdict)
          ? RIGHT
          : verdict.preference().isPresent() ? WRONG : NONE;
    }
  }
}
