package io.urteil.judges.rule;

import io.urteil.event.Verdict;
import io.urteil.prompt.ParsedVerdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts parsed verdicts to {@link Verdict} events. */
public final class VerdictEvents {

  private VerdictEvents() {}

  /** The event of a verdict without probabilities. */
  public static Verdict of(ParsedVerdict.Read read) {
    return of(read, List.of());
  }

  /**
   * The event of a verdict.
   *
   * @param probabilities of the choices that the verdict was derived from; empty without any
   */
  public static Verdict of(ParsedVerdict.Read read, List<Double> probabilities) {
    return switch (read) {
      case ParsedVerdict.Pointwise(double score, @Nullable String label) ->
          verdict(List.of(score), null, label, probabilities);
      case ParsedVerdict.Pairwise(var scores, var preference) ->
          verdict(scores, preference.spelling(), null, probabilities);
      case ParsedVerdict.Listwise(var scores) -> verdict(scores, null, null, probabilities);
    };
  }

  private static Verdict verdict(
      List<Double> scores,
      @Nullable String preference,
      @Nullable String label,
      List<Double> probabilities) {
    return Verdict.newBuilder()
        .setScores(scores)
        .setPreference(preference)
        .setLabel(label)
        .setProbabilities(probabilities)
        .build();
  }
}
