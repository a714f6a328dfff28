package io.urteil.local.rejudge;

import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The comparable content of one judgement.
 *
 * @param status the status of the judgement
 * @param decision the preference, else the label; {@code unparseable} or {@code abstained} for
 *     these statuses; null for a verdict with scores only, and for a failure
 * @param score the score, or the first minus the second of two scores; null otherwise
 */
public record ComparableJudgement(
    JudgementStatus status, @Nullable String decision, @Nullable Double score) {

  static ComparableJudgement of(Judgement judgement) {
    return new ComparableJudgement(
        judgement.getStatus(), decision(judgement), score(judgement.getVerdict()));
  }

  /** Whether the judgement has no verdict because the judge failed or timed out. */
  boolean isFailure() {
    return switch (status) {
      case FAILED, TIMED_OUT, UNKNOWN -> true;
      case SCORED, UNPARSEABLE, ABSTAINED -> false;
    };
  }

  private static @Nullable String decision(Judgement judgement) {
    return switch (judgement.getStatus()) {
      case UNPARSEABLE, ABSTAINED -> judgement.getStatus().name().toLowerCase(Locale.ROOT);
      case FAILED, TIMED_OUT, UNKNOWN -> null;
      case SCORED -> {
        Verdict verdict = judgement.getVerdict();
        yield verdict == null
            ? null
            : verdict.getPreference() == null ? verdict.getLabel() : verdict.getPreference();
      }
    };
  }

  private static @Nullable Double score(@Nullable Verdict verdict) {
    List<Double> scores = verdict == null ? List.of() : verdict.getScores();
    return switch (scores.size()) {
      case 1 -> scores.getFirst();
      case 2 -> (Double) (scores.getFirst() - scores.getLast());
      default -> null;
    };
  }
}
