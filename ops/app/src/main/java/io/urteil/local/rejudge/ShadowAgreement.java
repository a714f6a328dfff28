package io.urteil.local.rejudge;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.judge.ShadowJudge;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the shadow judges of a run agree with its own, so far. */
public final class ShadowAgreement {

  private ShadowAgreement() {}

  /**
   * Compares a shadow judge with a judge of its run.
   *
   * @param judge the shadow judge; null for the only one
   * @param against a judge of the run; null for the one that its rewards price
   * @throws IllegalArgumentException when one of them is not there
   */
  public static ShadowReport of(
      Namespace place, RunFile run, @Nullable String judge, @Nullable String against) {
    String shadow = shadow(run, judge);
    String own = against == null ? run.reward().judge() : against;
    if (!run.judges().containsKey(own)) {
      throw new IllegalArgumentException(
          "--against: '%s' (expected: a judge of the run, which are %s)"
              .formatted(own, run.judges().keySet()));
    }
    Map<String, ComparableJudgement> first =
        JudgedRollouts.judgements(place, Topic.JUDGEMENTS, run.run(), own);
    Map<String, ComparableJudgement> second =
        JudgedRollouts.judgements(place, Topic.SHADOW_JUDGEMENTS, run.run(), shadow);
    ShadowJudge settings = run.shadows().get(shadow);
    return new ShadowReport(
        run.run(),
        shadow,
        own,
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
          "--judge: %s (expected: a shadow judge of run '%s', %s)"
              .formatted(
                  named == null ? "missing" : "'" + named + "'",
                  run.run(),
                  run.shadows().isEmpty()
                      ? "which has none"
                      : "which are " + run.shadows().keySet()));
    }
    return named;
  }
}
