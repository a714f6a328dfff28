package io.urteil.local.rejudge;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.judge.ShadowJudge;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes the agreement of a shadow judge with a judge of its run. */
public final class ShadowAgreement {

  private ShadowAgreement() {}

  /**
   * Compares the judgements that the topics contain now.
   *
   * @param judge the shadow judge; null for the only one of the run
   * @param referenceJudge a judge of the run; null for its primary judge
   * @throws IllegalArgumentException if the run file does not have one of these judges
   */
  public static ShadowReport of(
      Namespace namespace, RunFile run, @Nullable String judge, @Nullable String referenceJudge) {
    String shadow = shadow(run, judge);
    String reference = referenceJudge == null ? run.reward().judge() : referenceJudge;
    if (!run.judges().containsKey(reference)) {
      throw new IllegalArgumentException(
          "--reference-judge: '%s' (expected: one of %s, the judges of the run)"
              .formatted(reference, run.judges().keySet()));
    }
    Map<String, ComparableJudgement> first =
        JudgedRollouts.judgements(namespace, Topic.JUDGEMENTS, run.run(), reference);
    Map<String, ComparableJudgement> second =
        JudgedRollouts.judgements(namespace, Topic.SHADOW_JUDGEMENTS, run.run(), shadow);
    ShadowJudge settings = run.shadows().get(shadow);
    return new ShadowReport(
        run.run(),
        shadow,
        reference,
        settings == null ? 0 : settings.share(),
        second.size(),
        first.size(),
        Agreement.of(first, second, Map.of(), Map.of()));
  }

  private static String shadow(RunFile run, @Nullable String named) {
    if (named == null && run.shadows().size() == 1) {
      return run.shadows().firstEntry().getKey();
    }
    if (named == null || !run.shadows().containsKey(named)) {
      throw new IllegalArgumentException(
          "--judge: %s (expected: a shadow judge of run '%s': %s)"
              .formatted(
                  named == null ? "missing" : "'" + named + "'",
                  run.run(),
                  run.shadows().isEmpty() ? "the run has none" : run.shadows().keySet()));
    }
    return named;
  }
}
